import { z } from 'zod';
import { treeDigest, treeState } from '../facts/tree.js';
import { absolutePath, accountName, fileMode } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { parseGlob } from '../util/glob.js';
import { readLocalTree } from './shared/localTree.js';
import { planTree } from './shared/planTree.js';

const options = z.strictObject({
  /** The folder on the controller, found in the project's `files` folders, with all in it: dot files too, links as links. */
  src: z.string().min(1),
  /** The folder on the host; it and those above it are made. */
  path: absolutePath.refine((path) => path !== '/', 'expected a folder of its own, not /'),
  /** Who owns the folder and all in it. Default root. */
  owner: accountName.default('root'),
  /** The group of the folder and all in it. Default root. */
  group: accountName.default('root'),
  /** Of files, as octal text; those that are executable here get the execute bits beside their read bits. Default 0644. */
  fileMode: fileMode.default('0644'),
  /** Of folders, as octal text. Default 0755. */
  dirMode: fileMode.default('0755'),
  /** Remove what is on the host but not here. Default false. */
  delete: z.boolean().default(false),
  /** Patterns of what is neither sent nor removed: `*.log` and `node_modules` at any depth, `/build` or `a/*.tmp` from the root. */
  exclude: z.array(z.string().regex(/[^/.\n]/, 'expected a pattern such as *.log')).default([]),
});

/**
 * A folder of the controller, copied to the host: only what differs, by hash, is sent.
 * @example tree({ src: 'site', path: '/srv/www', owner: 'www-data', group: 'www-data', delete: true, exclude: ['*.map'] })
 */
export const tree = defineTask({
  kind: 'tree',
  options,
  subject: (o) => o.path,
  prepare: async (o, environment) => {
    const items = await readLocalTree(environment.resolve(o.src, 'files'), o.exclude.map(parseGlob), o);
    return { items, digest: treeDigest(items) };
  },
  identity: (o) => ({ ...o, items: undefined }),
  reads: (o) => ({ now: treeState({ path: o.path, exclude: o.exclude, expected: o.digest }) }),
  plan: (o, { now }) => planTree(o, now),
});
