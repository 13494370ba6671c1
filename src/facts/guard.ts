import { defineFact, type FactDefinition, type Read } from '../model/fact.js';
import { quote } from '../util/shell.js';

export interface GuardParams {
  /** POSIX sh that only looks. */
  readonly script: string;
  /** The folder that it runs in. Where that is absent, the guard fails. */
  readonly cwd?: string | undefined;
}

const definition = {
  command: ({ script, cwd }) => `exec >/dev/null 2>&1\n${cwd === undefined ? '' : `cd -- ${quote(cwd)} || exit 1\n`}${script}\n`,
  parse: ({ code }) => code === 0,
} satisfies Omit<FactDefinition<GuardParams, boolean>, 'name'>;

type Guard = (params: GuardParams, options?: { host?: string }) => Read<boolean>;

/**
 * Whether a script ends with exit code 0. Its output is dropped. It may ask anything, so any change makes it stale; a
 * program that is not there is a failure like another.
 */
export const guard: Guard = defineFact<GuardParams, boolean>({ ...definition, name: 'guard' });

/** The same for a script that asks the running system, not files: in a rehearsal the host itself answers. */
export const liveGuard: Guard = defineFact<GuardParams, boolean>({ ...definition, name: 'liveGuard', live: true });
