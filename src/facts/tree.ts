import { defineBatchFact, type Read } from '../model/fact.js';
import { parseGlob } from '../util/glob.js';
import { blake2b, sha256 } from '../util/hash.js';
import { quote } from '../util/shell.js';

/** One thing of a tree. Its path is relative to the root; the root's own is empty. */
export interface TreeItem {
  readonly path: string;
  /** `excluded`: matched by a pattern, so that nothing else of it (nor of what is in it) is known. */
  readonly type: 'file' | 'directory' | 'link' | 'other' | 'excluded';
  /** Four octal digits: `0644`. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** Of a file: BLAKE2b of its content, in hex. */
  readonly hash?: string | undefined;
  /** Of a link: what it says. */
  readonly target?: string | undefined;
}

/** What stands at a tree's root, and all that is in it. */
export interface TreeState {
  readonly type: 'absent' | 'directory' | 'link' | 'other';
  /** Of a directory: the digest of its items, as `treeDigest` makes it. */
  readonly digest?: string | undefined;
  /** Of a directory, where the digest is not the expected one. */
  readonly items?: readonly TreeItem[] | undefined;
}

export interface TreeParams {
  /** The root; absolute. */
  readonly path: string;
  /** What is left out, with all in it. */
  readonly exclude: readonly string[];
  /** The digest that the tree should have: where it has it, its items are not sent. */
  readonly expected?: string | undefined;
}

/**
 * All that is in a directory: types, modes, owners, hashes and link targets. A few processes, whatever its size. A run that
 * may change hosts leaves a note of what it found under /run; while no file's size, inode or times are other than
 * in there, which not even their owner can set back (ctime), later reads need not hash them again.
 */
export const treeState: (params: TreeParams, options?: { host?: string }) => Read<TreeState> = defineBatchFact<
  TreeParams,
  TreeState
>({
  name: 'tree',
  key: ({ path, exclude }) => [path, ...exclude].join(' !'),
  topics: ({ path }) => [`path:${path}/**`],
  merge: (a, b) => ({ ...a, expected: a.expected === b.expected ? a.expected : undefined }),
  command: (params) => [FUNCTION, ...params.map(call)].join('\n'),
  parse: ({ stdout }, params) => {
    const parts = stdout.split('\n==\n');
    return params.map((_, index) => parseTree(parts[index] ?? ''));
  },
});

/** In hexadecimal digits. */
const HASH_LENGTH = 128;

// find looks up the name of each file's owner anew, 0.04 ms each: to see whether all is as it was, ids and the files of names do.
// Names may hold newlines: they are carried as \001, and what separates them as NUL becomes the newline.
const FUNCTION = `t() { (
  if [ -L "$1" ]; then echo link; exit; elif [ ! -e "$1" ]; then echo absent; exit; fi
  cd -- "$1" 2>/dev/null || { echo other; exit; }
  expected=$2 note=$3 n='
'; shift 3
  s=$(find . "$@" -printf 'x %P\\0' -o -printf '%y %m %U %G %D %i %s %T@ %C@ %P//%l\\0' | LC_ALL=C sort -z | b2sum - /etc/passwd /etc/group)
  { read -r was && read -r users && read -r groups && read -r d; } 2>/dev/null <"/run/provision/notes/$note" &&
    [ "$was$n$users$n$groups" = "$s" ] && [ "\${d%% *}" = "$expected" ] && { printf 'directory %s\\n' "$d"; exit; }
  young=$(find . -newerct '3 seconds ago' -print -quit)
  l=$(find . "$@" -printf 'x 0 - - %P//\\0' -o -printf '%y %m %u %g %P//%l\\0' | LC_ALL=C sort -z | tr '\\n\\000' '\\001\\n')
  h=$(find . "$@" -o -type f -print0 | xargs -0r b2sum -z -- | LC_ALL=C sort -z | tr '\\n\\000' '\\001\\n')
  d=$(printf '%s\\n%s\\n' "$l" "$h" | b2sum)
  printf 'directory %s\\n' "$d"
  [ "\${d%% *}" = "$expected" ] || { printf '%s\\n=\\n%s\\n' "$l" "$h"; exit; }
  [ -n "$NOTES" ] && [ -z "$young" ] && ( umask 066; mkdir -p -m 700 "$NOTES" ) && printf '%s\\n%s\\n' "$s" "$d" >"$NOTES/.$$" && mv -- "$NOTES/.$$" "$NOTES/$note"
); echo ==; }`;

function call({ path, exclude, expected }: TreeParams): string {
  const note = `tree-${sha256([path, ...exclude].join('\n'))}`;
  return ['t', quote(path), quote(expected ?? '-'), note, ...pruneWords(exclude)].join(' ');
}

/** What `find` does not go into, as an expression that is true of just that. */
function pruneWords(exclude: readonly string[]): readonly string[] {
  if (exclude.length === 0) return ['-false'];
  const tests = exclude
    .map(parseGlob)
    .map(({ pattern, anchored }) => (anchored ? `-path ${quote(`./${pattern}`)}` : `-name ${quote(pattern)}`));
  return [`! -path . '(' ${tests.join(' -o ')} ')' -prune`];
}

const TYPES: Readonly<Record<string, TreeItem['type']>> = { f: 'file', d: 'directory', l: 'link', x: 'excluded' };

function parseTree(text: string): TreeState {
  const [head = '', ...rest] = text.split('\n');
  const [type, digest] = head.split(' ');
  if (type !== 'directory') return { type: type === 'absent' || type === 'link' ? type : 'other' };
  if (rest.length === 0) return { type, digest };
  const split = rest.indexOf('=');
  const hashes = new Map(rest.slice(split + 1).map((line) => [decode(line.slice(HASH_LENGTH + 4)), line.slice(0, HASH_LENGTH)]));
  const items = rest.slice(0, split).flatMap((line) => {
    const match = /^(.) (\d+) (\S+) (\S+) (.*?)\/\/(.*)$/s.exec(line);
    if (match === null) return [];
    const [, kind = '', mode = '', owner = '', group = '', name = '', target = ''] = match;
    const path = decode(name);
    const itemType = TYPES[kind] ?? 'other';
    const item: TreeItem = { path, type: itemType, mode: mode.padStart(4, '0'), owner, group };
    if (itemType === 'link') return [{ ...item, target: decode(target) }];
    return [itemType === 'file' ? { ...item, hash: hashes.get(path) ?? '' } : item];
  });
  return { type, digest, items };
}

/** By lists of items: a controller's folder is one list for all hosts. */
const digests = new WeakMap<readonly TreeItem[], string>();

/** The digest that `treeState` would find for these items. */
export function treeDigest(items: readonly TreeItem[]): string {
  const digest = digests.get(items) ?? digestOf(items);
  digests.set(items, digest);
  return digest;
}

function digestOf(items: readonly TreeItem[]): string {
  const kinds = new Map(Object.entries(TYPES).map(([letter, type]) => [type, letter]));
  const list = items.map((item) => {
    const kind = kinds.get(item.type) ?? '?';
    const mode = item.mode.replace(/^0+(?=.)/, '');
    return `${kind} ${mode} ${item.owner} ${item.group} ${encode(item.path)}//${encode(item.target ?? '')}`;
  });
  const hashes = items.flatMap((item) => (item.type === 'file' ? [`${item.hash ?? ''}  ./${encode(item.path)}`] : []));
  return blake2b(`${sorted(list).join('\n')}\n${sorted(hashes).join('\n')}\n`);
}

/** By bytes, as `LC_ALL=C sort -z` does: before newlines are encoded, which a \001 stands for. */
function sorted(lines: readonly string[]): readonly string[] {
  // Short of these, the order of UTF-16 is the order of bytes.
  if (!lines.some((line) => /[\x01\ud800-\uffff]/.test(line))) return [...lines].sort();
  return lines
    .map((line) => ({ line, bytes: Buffer.from(decode(line)) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ line }) => line);
}

function encode(name: string): string {
  return name.replaceAll('\n', '\x01');
}

function decode(name: string): string {
  return name.replaceAll('\x01', '\n');
}
