import { defineBatchFact, type FactReader } from '../model/fact.js';
import { fromBase64 } from '../util/base64.js';
import { quote } from '../util/shell.js';
import { NO_ENTRY, type NoEntry } from './accounts.js';

/** What stands at one of the paths to a user's keys. */
export interface KeyPath {
  readonly type: 'absent' | 'file' | 'directory' | 'link' | 'other';
  /** Four octal digits; empty where absent. */
  readonly mode: string;
  readonly owner: string;
}

/** A user's `~/.ssh/authorized_keys`, with what decides whether sshd heeds it. */
export interface AuthorizedKeys {
  readonly exists: true;
  readonly home: string;
  /** The name of the user's primary group. */
  readonly group: string;
  readonly homeExists: boolean;
  /** `~/.ssh` */
  readonly folder: KeyPath;
  readonly file: KeyPath;
  /** The file's text; empty where it is absent. */
  readonly text: string;
}

export const NO_KEY_PATH: KeyPath = { type: 'absent', mode: '', owner: '' };

/** The keys that may log in as a user; no entry where there is no such user. */
export const authorizedKeys: FactReader<string, AuthorizedKeys | NoEntry> = defineBatchFact<string, AuthorizedKeys | NoEntry>({
  name: 'authorizedKeys',
  key: (user) => user,
  topics: (user) => [`user:${user}`, user === 'root' ? 'path:/root/**' : `path:/home/${user}/**`],
  command: (users) => `${FUNCTION}\nfor u in ${users.map(quote).join(' ')}; do k "$u"; done\ntrue`,
  parse: ({ stdout }, users) => {
    const lines = stdout.split('\n');
    return users.map(() => {
      const home = lines.shift() ?? '';
      if (!home.startsWith('/')) return NO_ENTRY;
      const [group = '', top = '', folder = '', file = '', content = ''] = lines.splice(0, 5);
      return {
        exists: true,
        home,
        group,
        homeExists: parsePath(top).type === 'directory',
        folder: parsePath(folder),
        file: parsePath(file),
        text: fromBase64(content),
      };
    });
  },
});

/** Prints one line for a user that is not there, six for one that is. */
const FUNCTION = `k() {
  l=$(getent passwd -- "$1") || { echo none; return; }
  h=\${l%:*}; h=\${h##*:}; f=$h/.ssh/authorized_keys
  printf '%s\\n' "$h"; id -gn -- "$1"
  for p in "$h/" "$h/.ssh" "$f"; do stat -c '%f %U' -- "$p" 2>/dev/null || echo absent; done
  if [ -f "$f" ] && [ ! -L "$f" ]; then base64 -w0 -- "$f"; fi; echo
}`;

const TYPES: Readonly<Record<number, KeyPath['type']>> = { 0o10: 'file', 0o04: 'directory', 0o12: 'link' };

function parsePath(line: string): KeyPath {
  if (line === 'absent') return NO_KEY_PATH;
  const [raw = '', owner = ''] = line.split(' ');
  const bits = Number.parseInt(raw, 16);
  return { type: TYPES[bits >> 12] ?? 'other', mode: (bits & 0o7777).toString(8).padStart(4, '0'), owner };
}
