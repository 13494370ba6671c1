import type { Session } from '../../model/session.js';
import { COPY_DIRECTORY, POLICY_PROGRAM, SYSTEMCTL_PROGRAM } from '../../transport/copy/layout.js';
import { quote } from '../../util/shell.js';

/** A path at which something was written, changed or removed in a copy since the look before. */
export interface Touched {
  readonly path: string;
  /** The same path as the host really has it, seen from inside the copy. */
  readonly original: string;
  readonly type: 'file' | 'directory' | 'link' | 'removed' | 'other';
  /** Bytes of a file. */
  readonly size: number;
}

/** Watches what is written in a copy of a host. */
export interface Look {
  /** What was touched since the last time, by path; the first time, since the copy was made. */
  touched(): Promise<readonly Touched[]>;
  /** What was removed with a folder, or by putting a new one in its place: paths below those given. */
  lostBelow(items: readonly Touched[]): Promise<readonly Pick<Touched, 'path' | 'original'>[]>;
}

/** The copy's own programs, and where programs keep what they forget. */
const NOT_TOLD = [
  POLICY_PROGRAM,
  `${POLICY_PROGRAM}.before-provision`,
  SYSTEMCTL_PROGRAM,
  SYSTEMCTL_PROGRAM.slice(0, SYSTEMCTL_PROGRAM.lastIndexOf('/')),
  '/tmp',
  '/var/tmp',
];

/**
 * Lists what the upper layers hold, compares with the list before, and keeps it. An upper layer holds what was written
 * and nothing else; what was removed stands in it as a device 0/0. Newlines in names are carried as \\001.
 */
const LIST = `
cd ${COPY_DIRECTORY}
t=$(printf '\\t')
while IFS="$t" read -r n point; do
  ( cd "upper/$n" && find . -mindepth 1 -printf "$n/%y/%s/%C@/%m/%U/%G/%P\\0" )
done <layers | LC_ALL=C sort -z | tr '\\n\\000' '\\001\\n' >list.new
[ -e list ] || : >list
LC_ALL=C comm -13 list list.new
echo =
LC_ALL=C comm -23 list list.new
mv list.new list
`;

const TYPES: Readonly<Record<string, Touched['type']>> = { f: 'file', d: 'directory', l: 'link', c: 'removed' };

/** Begins to watch: what the copy was made with counts as nothing. */
export async function startLook(session: Session): Promise<Look> {
  const [points = ''] = await read(session, `cat ${COPY_DIRECTORY}/layers`, LIST);
  const layers = new Map(
    points
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]),
  );
  const parse = (line: string): Touched | undefined => {
    const [layer = '', type = '', size = '', , , , , ...rest] = line.split('/');
    const name = rest.join('/').replaceAll('\u0001', '\n');
    const point = layers.get(layer) ?? '/';
    return {
      path: `${point === '/' ? '' : point}/${name}`,
      original: `${COPY_DIRECTORY}/lower/${layer}/${name}`,
      type: TYPES[type] ?? 'other',
      size: Number(size),
    };
  };
  const items = (text: string): readonly Touched[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .flatMap((line) => parse(line) ?? [])
      .filter(({ path }) => !NOT_TOLD.includes(path) && !/^\/(tmp|var\/tmp)\//.test(path));

  return {
    touched: async () => {
      const [text = ''] = await read(session, LIST);
      const [now = '', before = ''] = `\n${text}`.split('\n=\n');
      const present = items(now);
      const paths = new Set(present.map(({ path }) => path));
      // What was made in the copy and removed there again leaves nothing in the layer.
      const gone = items(before).filter(({ path }) => !paths.has(path));
      return [...present, ...gone.map((item): Touched => ({ ...item, type: 'removed', size: 0 }))];
    },
    lostBelow: async (touched) => {
      const removed = touched.filter(({ type }) => type === 'removed');
      const folders = touched.filter(({ type }) => type === 'directory');
      if (removed.length + folders.length === 0) return [];
      const [text = ''] = await read(session, lostScript(removed, folders));
      const original = [...removed, ...folders];
      return text.split('\0').flatMap((line) => {
        const [index = '', ...rest] = line.split('/');
        const item = original[Number(index)];
        if (item === undefined || rest.length === 0) return [];
        const name = rest.join('/');
        return [{ path: `${item.path}/${name}`, original: `${item.original}/${name}` }];
      });
    },
  };
}

/** Prints `INDEX/NAME` of all that the host has below what was removed, and of what a folder no longer shows. */
function lostScript(removed: readonly Touched[], folders: readonly Touched[]): string {
  return [
    'all() { if [ -d "$2" ] && [ ! -L "$2" ]; then find "$2" -mindepth 1 -printf "$1/$3%P\\0"; fi; }',
    `hidden() {
  [ -d "$2" ] || return 0
  for below in "$2"/* "$2"/.[!.]*; do
    name=\${below##*/}
    if { [ -e "$below" ] || [ -L "$below" ]; } && [ ! -e "$3/$name" ] && [ ! -L "$3/$name" ]; then
      printf '%s/%s\\0' "$1" "$name"; all "$1" "$below" "$name/"
    fi
  done
}`,
    ...removed.map(({ original }, index) => `all ${index} ${quote(original)} ''`),
    ...folders.map(({ original, path }, index) => `hidden ${removed.length + index} ${quote(original)} ${quote(path)}`),
    'true',
  ].join('\n');
}

async function read(session: Session, ...scripts: readonly string[]): Promise<readonly string[]> {
  const results = await session.read(scripts);
  const failed = results.find(({ code }) => code !== 0);
  if (failed !== undefined) throw new Error(`the copy could not be looked at: ${failed.stderr.trim()}`);
  return results.map(({ stdout }) => stdout);
}
