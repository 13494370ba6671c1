import { defineFact, type Read } from '../model/fact.js';
import { quote } from '../util/shell.js';

export interface GuardParams {
  /** POSIX sh that only looks. */
  readonly script: string;
  /** The folder that it runs in. Where that is absent, the guard fails. */
  readonly cwd?: string | undefined;
}

/**
 * Whether a script ends with exit code 0. Its output is dropped. It may ask anything, so any change makes it stale; a
 * program that is not there is a failure like another.
 */
export const guard: (params: GuardParams, options?: { host?: string }) => Read<boolean> = defineFact<GuardParams, boolean>({
  name: 'guard',
  command: ({ script, cwd }) => `exec >/dev/null 2>&1\n${cwd === undefined ? '' : `cd -- ${quote(cwd)} || exit 1\n`}${script}\n`,
  parse: ({ code }) => code === 0,
});
