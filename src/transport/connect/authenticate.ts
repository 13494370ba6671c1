import type { AnyAuthMethod, AuthenticationType } from 'ssh2';
import { createAuthOrder, type NextTry } from './auth-order.js';
import type { Candidates } from './candidate.js';

/** All that there was to log in with was refused. */
export class LoginRefused extends Error {
  constructor(
    readonly tried: readonly string[],
    /** What the server would take, where it said so. */
    readonly methods: readonly string[] | undefined,
    readonly notes: readonly string[],
  ) {
    super('all ways to log in were refused');
  }
}

/** Leads ssh2 through the login. */
export interface Login {
  /** For ssh2's `authHandler`. */
  handler(left: AuthenticationType[] | null, partial: boolean | null, next: (method: AnyAuthMethod) => void): void;
  /** Labels of what was tried so far. */
  readonly tried: readonly string[];
  /** An error of a candidate that ssh2 reports as one of its own. */
  sawError(error: Error): void;
}

/**
 * Tries candidates until the server is content. `fail` is called once when there is nothing left (LoginRefused), or when a
 * candidate fails in a way that the user must hear of (a wrong passphrase).
 */
export function startLogin(user: string, candidates: Candidates, fail: (error: Error) => void): Login {
  const order = createAuthOrder(candidates.list);
  const tried: string[] = [];
  const notes = [...candidates.notes];
  let last: NextTry;

  const learn = (left: readonly string[] | null, partial: boolean | null): void => {
    if (last === undefined) return;
    // ssh2 keeps the answer to a refused agent key to itself; a signature that did not log in was one of several steps.
    if (last !== 'probe' && last.method === 'publickey') {
      if (last.signed()) order.accepted(undefined);
      else order.refused(undefined);
    } else if (partial === true) order.accepted(left ?? undefined);
    else order.refused(left ?? undefined);
  };

  const choose = async (): Promise<AnyAuthMethod> => {
    for (;;) {
      last = order.next();
      if (last === undefined) throw new LoginRefused(tried, order.methods(), notes);
      if (last === 'probe') return { type: 'none', username: user };
      const method = await last.prepare();
      if (method !== undefined) {
        tried.push(last.label);
        return method;
      }
      notes.push(`nothing was given for ${last.label}`);
      order.refused(undefined);
    }
  };

  return {
    handler(left, partial, next) {
      learn(left, partial);
      choose().then(next, fail);
    },
    tried,
    sawError(error) {
      notes.push(error.message);
    },
  };
}
