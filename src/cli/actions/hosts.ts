import pLimit from 'p-limit';
import { ProvisionError } from '../../model/errors.js';
import type { Session } from '../../model/session.js';
import type { Opener } from '../../transport/open.js';
import { EXIT } from '../exitCodes.js';
import { exitCodeOf } from '../errors/explain.js';
import type { ConnectingArgs } from '../input/args.js';
import { DEFAULT_FORKS } from '../input/options.js';

/** What came of a host: a value, or an error that a person is meant to read. */
export type HostResult<T> =
  | { readonly host: string; readonly seconds: number; readonly value: T }
  | { readonly host: string; readonly seconds: number; readonly error: unknown };

export interface EachHost<T> {
  readonly hosts: readonly string[];
  readonly sessions: Opener;
  /** The account to work as. */
  readonly user: string;
  readonly work: (session: Session, host: string) => Promise<T>;
  /** Gets each result, in the order of `hosts`. */
  readonly each: (result: HostResult<T>) => void;
}

/** Works on hosts, some at a time, and gives the exit code: 1 where one failed, 3 where one was unreachable, else 0. */
export async function onEachHost<T>(args: ConnectingArgs, { hosts, sessions, user, work, each }: EachHost<T>): Promise<number> {
  const limit = pLimit(args.forks ?? DEFAULT_FORKS);
  const results = hosts.map((host) =>
    limit(async (): Promise<HostResult<T>> => {
      const start = performance.now();
      const seconds = (): number => (performance.now() - start) / 1000;
      try {
        const value = await work(await sessions.open(host, user), host);
        return { host, seconds: seconds(), value };
      } catch (error) {
        // A slip in this program is not a host's fault.
        if (!(error instanceof ProvisionError)) throw error;
        return { host, seconds: seconds(), error };
      }
    }),
  );
  try {
    const codes: number[] = [];
    for (const result of results) {
      const done = await result;
      each(done);
      codes.push('error' in done ? exitCodeOf(done.error) : EXIT.done);
    }
    return codes.includes(EXIT.failed) ? EXIT.failed : codes.includes(EXIT.unreachable) ? EXIT.unreachable : EXIT.done;
  } finally {
    await sessions.close();
  }
}
