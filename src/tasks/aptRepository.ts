import { z } from 'zod';
import { aptLists, type AptLists } from '../facts/aptLists.js';
import { ABSENT, fileState, type FileState } from '../facts/file.js';
import { sh, type Change, type ChangePart } from '../model/change.js';
import { defineTask } from '../model/task.js';
import { folderThere } from './shared/folders.js';
import { parentOf } from './shared/paths.js';
import { fetchScript, fetchAllScript, keepScript, removeScript } from './shared/aptRepositoryScript.js';
import { LOCK_TIMEOUT } from './shared/aptShell.js';
import { planTextFile, predictFile, readTextFile } from './shared/textFile.js';

const word = z.string().regex(/^[^\s#]+$/, 'expected one word');

const options = z
  .strictObject({
    /** The name of its files: `/etc/apt/sources.list.d/NAME.sources`. */
    name: z.string().regex(/^[a-z0-9][a-z0-9_.-]*$/, 'expected lower-case letters, digits, dots, dashes and underscores'),
    /** Where the archive is: http, https, file … */
    uris: z.array(word).min(1).optional(),
    /** Its distributions: `['bookworm']`; a path that ends with `/` has no components. */
    suites: z.array(word).min(1).optional(),
    /** Default `['main']`. */
    components: z.array(word).min(1).default(['main']),
    /** Packages, sources or both. Default `['deb']`. */
    types: z
      .array(z.enum(['deb', 'deb-src']))
      .min(1)
      .default(['deb']),
    /** Default: those of the host. */
    architectures: z.array(word).min(1).optional(),
    /** The key that signs it: its armored text, or the path of a keyring that is on the host. */
    signedBy: z
      .string()
      .regex(
        /^(\/\S+|-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]*-----END PGP PUBLIC KEY BLOCK-----\s*)$/,
        'expected an armored public key or the absolute path of a keyring',
      )
      .optional(),
    /** `absent` removes its files and its lists. Default `present`. */
    state: z.enum(['present', 'absent']).default('present'),
    /** Longest wait for another package program to end, in seconds. Default 300. */
    lockTimeout: z.number().int().min(0).default(LOCK_TIMEOUT),
  })
  .refine(
    (o) => o.state === 'absent' || (o.uris !== undefined && o.suites !== undefined && o.signedBy !== undefined),
    'expected uris, suites and signedBy',
  )
  .transform((o) => {
    const armored = o.signedBy?.startsWith('-') === true ? `${o.signedBy.trim()}\n` : undefined;
    return {
      ...o,
      armored,
      sourcesPath: `/etc/apt/sources.list.d/${o.name}.sources`,
      keyPath: `/etc/apt/keyrings/${o.name}.asc`,
    };
  });

type Options = z.output<typeof options>;

/**
 * A repository of packages for apt, with the key that signs it. Its lists are fetched at once; where that fails, the
 * host's sources stay as they were.
 * @example aptRepository({ name: 'nodesource', uris: ['https://deb.example.org/node_22.x'], suites: ['nodistro'], signedBy: key })
 */
export const aptRepository = defineTask({
  kind: 'aptRepository',
  options,
  subject: (o) => o.name,
  reads: (o) => ({
    sources:
      o.state === 'absent' ? fileState({ path: o.sourcesPath, contentUnless: [] }) : readTextFile(o.sourcesPath, textOf(o)),
    key: o.armored === undefined ? fileState({ path: o.keyPath }) : readTextFile(o.keyPath, o.armored),
    lists: aptLists,
  }),
  plan: (o, now) => (o.state === 'absent' ? planRemoval(o, now) : planPresence(o, now)),
});

interface Now {
  readonly sources: FileState;
  readonly key: FileState;
  readonly lists: AptLists;
}

function planPresence(o: Options, now: Now): readonly Change[] {
  const files = [
    ...(o.armored === undefined
      ? []
      : planTextFile({ path: o.keyPath, text: o.armored, owner: 'root', group: 'root', mode: '0644' }, now.key).map((change) => ({
          what: 'key',
          change,
        }))),
    ...planTextFile({ path: o.sourcesPath, text: textOf(o), owner: 'root', group: 'root', mode: '0644' }, now.sources).map(
      (change) => ({ what: 'sources', change }),
    ),
  ];
  const [first, ...rest]: ChangePart[] = files.map(({ what, change }) => ({
    summary: `${what}: ${change.summary}`,
    diff: change.diff,
  }));
  const touches = [`path:${o.sourcesPath}`, `path:${o.keyPath}`, 'apt:lists', 'package:*'] as const;
  const predicts = [
    ...files.flatMap(({ change }) => change.predicts ?? []),
    ...folderThere(parentOf(o.keyPath)),
    aptLists.predict({ ...now.lists, outdated: false, pending: true }),
  ];
  if (first === undefined) {
    // Only where a run ended between the two, or someone changed another source by hand.
    if (!now.lists.outdated) return [];
    return [
      { summary: 'fetch its lists', steps: [sh(fetchAllScript(o.lockTimeout), { timeoutSeconds: 900 })], touches, predicts },
    ];
  }
  return [
    {
      summary: [first, ...rest].map(({ summary }) => summary).join(', '),
      parts: [first, ...rest],
      steps: [
        sh(keepScript(o)),
        ...files.flatMap(({ change }) => change.steps),
        sh(fetchScript(o, now.lists.outdated), { timeoutSeconds: 600 + o.lockTimeout }),
      ],
      touches,
      creates: files.flatMap(({ change }) => change.creates ?? []),
      predicts,
    },
  ];
}

function planRemoval(o: Options, now: Now): readonly Change[] {
  if (now.sources.type === 'absent' && now.key.type === 'absent') return [];
  return [
    {
      summary: 'remove',
      diff: { before: now.sources.content, after: undefined },
      steps: [sh(removeScript(o), { timeoutSeconds: 600 + o.lockTimeout })],
      touches: [`path:${o.sourcesPath}`, `path:${o.keyPath}`, 'apt:lists', 'package:*'],
      predicts: [
        predictFile({ path: o.sourcesPath }, ABSENT),
        predictFile({ path: o.keyPath }, ABSENT),
        aptLists.predict({ present: true, ageSeconds: 0, outdated: false }),
      ],
    },
  ];
}

/** In the format of deb822. */
function textOf(o: Options): string {
  const fields: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['Types', o.types],
    ['URIs', o.uris],
    ['Suites', o.suites],
    ['Components', o.suites?.every((suite) => suite.endsWith('/')) === true ? undefined : o.components],
    ['Architectures', o.architectures],
    ['Signed-By', o.signedBy === undefined ? undefined : [o.armored === undefined ? o.signedBy : o.keyPath]],
  ];
  const lines = fields.flatMap(([name, values]) => (values === undefined ? [] : [`${name}: ${values.join(' ')}`]));
  return `# Managed by provision.\n${lines.join('\n')}\n`;
}
