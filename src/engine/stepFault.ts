import { TaskError } from '../model/errors.js';
import type { CommandResult } from '../model/fact.js';
import { mask, scrub, type Text } from '../util/secret.js';

/** How much of an output's end is shown, and of a script's: what it does stands after what it defines. */
const SHOWN_LINES = 30;
const SHOWN_COMMANDS = 12;

/** Why a script failed, by how it ended: the end of what it said, and of itself. */
export function stepFault(script: Text, { code, stdout, stderr }: CommandResult, where = ''): TaskError {
  const said = scrub(stderr.trim() === '' ? stdout.trim() : stderr.trim());
  const last = said.split('\n').at(-1)?.trim() ?? '';
  return new TaskError(`exit code ${code}${where}${last === '' ? '' : `: ${last}`}`, {
    command: shorten(scrub(mask(script))),
    output: said.split('\n').slice(-SHOWN_LINES).join('\n'),
    hint: hintFor(said),
  });
}

function shorten(script: string): string {
  const lines = script.split('\n');
  const last = lines.slice(-SHOWN_COMMANDS);
  return last.length === lines.length ? script : [`… ${lines.length - last.length} lines before these`, ...last].join('\n');
}

function hintFor(said: string): string | undefined {
  if (said.includes('No space left on device')) return 'free space on the host (df -h); nothing was left half-written';
  if (said.includes('Read-only file system')) return 'the file system is mounted read-only: see dmesg on the host';
  return undefined;
}
