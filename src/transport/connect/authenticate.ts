import type { AnyAuthMethod, AuthenticationType, Client } from 'ssh2';
import { createAuthOrder, type NextTry } from './auth-order.js';
import type { Candidate, Candidates } from './candidate.js';
import { messageOf } from './failure.js';
import { canLoginAtOnce, loginAtOnce, type Refusal } from './ssh2-internals.js';

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
  /** To be called when the connection is encrypted: tries a first key at once, where there is one that needs no question. */
  begin(client: Client): void;
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
  /** What comes of a key that is tried without ssh2's doing; it never comes where that logs in. */
  let early: Promise<Refusal> | undefined;

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

  const attempt = async (client: Client, first: Candidate, refused: (refusal: Refusal) => void): Promise<void> => {
    try {
      const key = await first.atOnce?.();
      if (key === undefined) refused({ methods: undefined, partial: false });
      else loginAtOnce(client, { user, key }, refused);
    } catch (error) {
      notes.push(messageOf(error));
      refused({ methods: undefined, partial: false });
    }
  };
  const begin = (client: Client): void => {
    if (candidates.list[0]?.atOnce === undefined || !canLoginAtOnce(client)) return;
    const first = order.next();
    if (first === undefined || first === 'probe') return;
    tried.push(first.label);
    early = new Promise((resolve) => {
      void attempt(client, first, resolve);
    });
  };

  return {
    begin,
    handler(left, partial, next) {
      if (early !== undefined) {
        const outcome = early;
        early = undefined;
        outcome
          .then(({ methods, partial: right }) => {
            if (right) order.accepted(methods);
            else order.refused(methods);
            return choose();
          })
          .then(next, fail);
        return;
      }
      learn(left, partial);
      choose().then(next, fail);
    },
    tried,
    sawError(error) {
      notes.push(error.message);
    },
  };
}
