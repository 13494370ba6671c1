import type { Candidate } from './candidate.js';

/** What to try next: a candidate, a question what the server takes (`probe`), or nothing more. */
export type NextTry = Candidate | 'probe' | undefined;

/** Decides in which order candidates are tried, by what the server answers. */
export interface AuthOrder {
  next(): NextTry;
  /** The last try was refused. `methods` is what the server takes now; undefined where its answer was not seen. */
  refused(methods: readonly string[] | undefined): void;
  /** The last try was right, but the server wants another method on top. */
  accepted(methods: readonly string[] | undefined): void;
  /** What the server was last heard to take. */
  methods(): readonly string[] | undefined;
}

/** Starts with all candidates untried and the server's methods unknown. */
export function createAuthOrder(candidates: readonly Candidate[]): AuthOrder {
  const accepted = new Set<Candidate>();
  let spent = new Set<Candidate>();
  let methods: readonly string[] | undefined;
  let last: NextTry;

  const choose = (): NextTry => {
    const open = candidates.find((one) => !accepted.has(one) && !spent.has(one) && methods?.includes(one.method) !== false);
    // A person is not asked for what the server may not want; nor is a failure told without what it wants.
    if (methods === undefined && last !== 'probe' && (open === undefined || open.asks)) return 'probe';
    return open;
  };
  return {
    next: () => (last = choose()),
    refused(answer) {
      if (last !== undefined && last !== 'probe') spent.add(last);
      methods = answer ?? methods;
    },
    accepted(answer) {
      if (last !== undefined && last !== 'probe') accepted.add(last);
      spent = new Set();
      methods = answer;
    },
    methods: () => methods,
  };
}
