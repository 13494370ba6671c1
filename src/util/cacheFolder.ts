import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where what can be made again is kept for the next process: `$XDG_CACHE_HOME/provision`, or `~/.cache/provision`. */
export function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(ownHome(), '.cache') : base, 'provision');
}

/** The account's own, whatever $HOME says: with `sudo` that may be another account's, and what is kept is run. */
function ownHome(): string {
  try {
    return userInfo().homedir;
  } catch {
    // An account without an entry, as in some containers.
    return homedir();
  }
}
