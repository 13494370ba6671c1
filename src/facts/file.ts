import { defineBatchFact, type Read } from '../model/fact.js';
import { TaskError } from '../model/errors.js';
import { fromBase64 } from '../util/base64.js';
import { quote } from '../util/shell.js';

/** What stands at a path. Links are not followed. */
export interface FileState {
  readonly type: 'absent' | 'file' | 'directory' | 'link' | 'other';
  /** Four octal digits: `0644`. Empty where absent. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  /** Bytes. */
  readonly size: number;
  /** Of a file. */
  readonly sha256?: string | undefined;
  /** Of a link: what it says. */
  readonly target?: string | undefined;
  /** Of a file, when it was asked for, differs from what was expected, and is not over `CONTENT_LIMIT`. */
  readonly content?: string | undefined;
  /**
   * Set by a planner only, never read on a host: the file comes with an earlier task of the run (the task's id), and
   * what is in it is not known before.
   */
  readonly contentFrom?: string | undefined;
  /** With `contentFrom`: it will be like nothing that was there before, as a new key is. */
  readonly anew?: boolean | undefined;
}

export interface FileParams {
  /** Absolute. */
  readonly path: string;
  /** Ask for the content too, unless its SHA-256 is one of these: `[]` always wants it. Default: content is not sent. */
  readonly contentUnless?: readonly string[] | undefined;
}

export const ABSENT: FileState = { type: 'absent', mode: '', owner: '', group: '', size: 0 };

/** The largest content that is read for a diff, in bytes. */
export const CONTENT_LIMIT = 1_048_576;

/**
 * What stands at a path: type, mode, owner, hash, and content where it is needed for a diff.
 * @throws TaskError where that cannot be told: no permission, an error of the disk, no process to be had.
 */
export const fileState: (params: FileParams, options?: { host?: string }) => Read<FileState> = defineBatchFact<
  FileParams,
  FileState
>({
  name: 'file',
  key: ({ path }) => path,
  topics: ({ path }) => [`path:${path}`],
  // The content is sent only where a diff may need it; its hash always is.
  essence: (state) => ({ ...state, content: undefined }),
  merge: (a, b) => ({ path: a.path, contentUnless: mergeExpected(a.contentUnless, b.contentUnless) }),
  command: (params) =>
    [
      `set -- ${params.map(({ path }) => quote(path)).join(' ')}`,
      // literal: `stat %N` prints `name` or `name -> target` without quotes.
      `QUOTING_STYLE=literal stat -c '%f|%U|%G|%s|%N' -- "$@"`,
      `echo =`,
      // Keep the regular files only, then hash them all with one process.
      `for p; do shift; if [ -f "$p" ] && [ ! -L "$p" ]; then set -- "$@" "$p"; fi; done`,
      `H=; if [ $# -gt 0 ]; then H=$(sha256sum -- "$@"); printf '%s\\n' "$H"; fi`,
      `echo =`,
      ...contentScript(params),
      'true',
    ].join('\n'),
  parse: ({ code, stdout, stderr }, params) => {
    // Only a path that is not there is absent: what cannot be looked at must not be taken for it.
    const wrong = stderr.split('\n').filter((line) => line !== '' && !ABSENCE.test(line));
    if (code !== 0 || wrong.length > 0) throw unreadable(wrong, code);
    const [stats = [], hashes = [], contents = []] = sections(stdout);
    const shas = new Map(hashes.map((line) => [line.slice(66), line.slice(0, 64)]));
    const texts = new Map(
      contents.map((line) => [Number(line.slice(0, line.indexOf(' '))), fromBase64(line.slice(line.indexOf(' ') + 1))]),
    );
    let next = 0;
    return params.map(({ path }, index) => {
      const state = parseStat(stats[next], path);
      if (state === undefined) return ABSENT;
      next++;
      return state.type === 'file' ? { ...state, sha256: shas.get(path), content: texts.get(index) } : state;
    });
  },
});

/** What coreutils say of a path that is not there, or that vanished while they looked. */
const ABSENCE = /: (No such file or directory|Not a directory)$/;

function unreadable(lines: readonly string[], code: number): TaskError {
  return new TaskError(`files of the host could not be looked at: ${lines.join('; ') || `the script ended with ${code}`}`, {
    hint: 'look whether the account that the task runs as may read there, and whether the host has memory and processes left',
  });
}

function contentScript(params: readonly FileParams[]): readonly string[] {
  const wanted = params.flatMap(({ path, contentUnless }, index) =>
    contentUnless === undefined ? [] : [`c ${index} ${quote(path)} ${contentUnless.join(' ')}`],
  );
  if (wanted.length === 0) return [];
  return [
    `c() { i=$1; p=$2; shift 2; for s; do case $H in *"$s  $p"*) return;; esac; done`,
    `if [ -f "$p" ] && [ ! -L "$p" ] && [ "$(stat -c %s -- "$p")" -le ${CONTENT_LIMIT} ]; then printf '%s ' $i; base64 -w0 -- "$p"; echo; fi; }`,
    ...wanted,
  ];
}

function sections(stdout: string): readonly (readonly string[])[] {
  const all: string[][] = [[]];
  for (const line of stdout.split('\n')) {
    if (line === '=') all.push([]);
    else if (line !== '') all.at(-1)?.push(line);
  }
  return all;
}

const TYPES: Readonly<Record<number, FileState['type']>> = { 0o10: 'file', 0o04: 'directory', 0o12: 'link' };

function parseStat(line: string | undefined, path: string): FileState | undefined {
  if (line === undefined) return undefined;
  const [raw = '', owner = '', group = '', size = '', ...rest] = line.split('|');
  const name = rest.join('|');
  if (name !== path && !name.startsWith(`${path} -> `)) return undefined;
  const bits = Number.parseInt(raw, 16);
  const type = TYPES[bits >> 12] ?? 'other';
  return {
    type,
    mode: (bits & 0o7777).toString(8).padStart(4, '0'),
    owner,
    group,
    size: Number(size),
    ...(type === 'link' ? { target: name.slice(path.length + 4) } : {}),
  };
}

function mergeExpected(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.filter((sha) => b.includes(sha));
}
