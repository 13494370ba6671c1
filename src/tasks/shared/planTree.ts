import { treeDigest, treeState, type TreeItem, type TreeState } from '../../facts/tree.js';
import { sh, type Change, type Diff, type Step, type TreeEntry } from '../../model/change.js';
import { PlanError } from '../../model/errors.js';
import { quote } from '../../util/shell.js';
import type { LocalItem, TreeModes } from './localTree.js';
import { folderThere } from './folders.js';
import { predictFile } from './textFile.js';
import { compareTrees, type TreeDifference } from './treeDiff.js';

/** A folder of the controller that is wanted on a host. */
export interface WantedTree extends TreeModes {
  readonly path: string;
  readonly items: readonly LocalItem[];
  /** `treeDigest` of the items. */
  readonly digest: string;
  readonly delete: boolean;
  readonly exclude: readonly string[];
}

type Difference = TreeDifference<LocalItem>;

/** What must change for a folder to hold what it should. */
export function planTree(wanted: WantedTree, now: TreeState): readonly Change[] {
  const { path, exclude } = wanted;
  if (now.type === 'link' || now.type === 'other') {
    throw new PlanError(`${path} is a ${now.type === 'link' ? 'link' : 'file'}, not a folder`, {
      hint: 'remove it, or name another path',
    });
  }
  if (now.digest === wanted.digest) return [];
  const items = now.items ?? [];
  const difference = compareTrees(wanted.items, items, wanted);
  refuseLoss(wanted, difference, items);
  const [first, ...rest] = stepsFor(wanted, now, difference);
  if (first === undefined) return [];
  const { after } = difference;
  const root = { type: 'directory', mode: wanted.dirMode, owner: wanted.owner, group: wanted.group, size: 0 } as const;
  return [
    {
      summary: `${now.type === 'absent' ? 'create: ' : ''}${counts(difference)}`,
      diff: diffOf(difference),
      steps: [first, ...rest],
      touches: [`path:${path}/**`],
      creates: now.type === 'absent' ? [`path:${path}`] : [],
      predicts: [
        treeState({ path, exclude }).predict({ type: 'directory', digest: treeDigest(after), items: after }),
        predictFile({ path }, root),
        ...folderThere(path),
      ],
    },
  ];
}

function refuseLoss(wanted: WantedTree, { inTheWay }: Difference, items: readonly TreeItem[]): void {
  for (const { path, type } of inTheWay) {
    if (type !== 'directory') continue;
    const full = `${wanted.path}/${path}`;
    if (!wanted.delete) {
      throw new PlanError(`${full} is a folder, where a file is wanted`, { hint: 'delete: true lets it be removed' });
    }
    if (items.some((item) => item.type === 'excluded' && item.path.startsWith(`${path}/`))) {
      throw new PlanError(`${full} is a folder that holds excluded files, where a file is wanted`, {
        hint: 'move those away by hand',
      });
    }
  }
}

/** What is in the way goes first, then all that is new arrives, and what is not wanted goes last. */
function stepsFor(wanted: WantedTree, now: TreeState, { send, attributes, inTheWay, remove }: Difference): readonly Step[] {
  const { path, owner, group } = wanted;
  const fresh = now.type === 'absent';
  const root = wanted.items.filter((item) => item.path === '');
  const first = [...(fresh ? attributeLines(wanted, root) : []), ...removal(inTheWay)];
  const entries = send.flatMap((pair) => entryOf(pair.wanted));
  const last = [
    ...attributeLines(
      wanted,
      attributes.map((pair) => pair.wanted),
    ),
    ...removal(remove),
  ];
  const enter = `cd -- ${quote(path)}`;
  return [
    ...(first.length === 0 ? [] : [sh([...(fresh ? [`mkdir -p -- ${quote(path)}`] : []), enter, ...first].join('\n'))]),
    ...(entries.length === 0 ? [] : [{ kind: 'unpack', directory: path, entries, owner, group } as const]),
    ...(last.length === 0 ? [] : [sh([enter, ...last].join('\n'))]),
  ];
}

function entryOf({ path, type, mode, localFile, size, hash, target }: LocalItem): readonly TreeEntry[] {
  return path === '' || type === 'other' || type === 'excluded' ? [] : [{ path, type, mode, localFile, size, hash, target }];
}

function attributeLines({ owner, group }: WantedTree, items: readonly LocalItem[]): readonly string[] {
  const chmod = new Set(items.filter(({ type }) => type !== 'link').map(({ mode }) => mode));
  return [
    ...overPaths(`chown -h ${quote(`${owner}:${group}`)} --`, items),
    ...[...chmod].flatMap((mode) =>
      overPaths(
        `chmod ${mode} --`,
        items.filter((item) => item.mode === mode && item.type !== 'link'),
      ),
    ),
  ];
}

function removal(items: readonly TreeItem[]): readonly string[] {
  return overPaths('rm -rf --one-file-system --', items);
}

/** A command over paths of the tree, in portions that fit an argument list. */
function overPaths(command: string, items: readonly TreeItem[]): readonly string[] {
  const portion = 200;
  return Array.from({ length: Math.ceil(items.length / portion) }, (_, index) => {
    const paths = items.slice(index * portion, (index + 1) * portion).map(({ path }) => quote(`./${path}`));
    return `${command} ${paths.join(' ')}`;
  });
}

function counts({ send, attributes, remove }: Difference): string {
  const added = send.filter(({ now }) => now === undefined).length;
  const bytes = send.reduce((sum, { wanted }) => sum + (wanted.size ?? 0), 0);
  const words = [
    [added, 'new'],
    [send.length - added, 'changed'],
    [attributes.length, 'with another owner or mode'],
    [remove.length, 'removed'],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${count ?? ''} ${what ?? ''}`]));
  return `${words.join(', ')}${bytes === 0 ? '' : ` (${bytes} bytes to send)`}`;
}

/** The items that differ, a line each, as they are and as they should be. */
function diffOf({ send, attributes, remove }: Difference): Diff {
  const pairs = [...send, ...attributes];
  const before = [...pairs.flatMap(({ now }) => (now === undefined ? [] : [now])), ...remove];
  return {
    before: before.length === 0 ? undefined : listing(before),
    after: listing(pairs.map(({ wanted }) => wanted)),
  };
}

function listing(items: readonly TreeItem[]): string {
  return items
    .map((item) => {
      const path = item.path === '' ? '.' : item.path;
      const end = item.type === 'directory' ? '/' : item.type === 'link' ? ` -> ${item.target ?? ''}` : '';
      return `${path}${end}  ${item.mode} ${item.owner}:${item.group}${item.hash === undefined ? '' : ` ${item.hash.slice(0, 12)}`}\n`;
    })
    .toSorted()
    .join('');
}
