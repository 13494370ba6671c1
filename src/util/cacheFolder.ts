import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what can be made again is kept for the next process: `$XDG_CACHE_HOME/provision`, or `~/.cache/provision`. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'provision');
}
