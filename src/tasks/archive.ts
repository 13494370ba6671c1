import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { pathExists } from '../facts/exists.js';
import { fileState, type FileState } from '../facts/file.js';
import { sh, type Step } from '../model/change.js';
import { InputError, PlanError } from '../model/errors.js';
import { absolutePath, accountName } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { sha256, sha256File } from '../util/hash.js';
import { formatOf, prepareScript, unpackScript, uploadPath } from './shared/archiveScript.js';
import { folderThere } from './shared/folders.js';
import { predictFile } from './shared/textFile.js';

/** Holds what was unpacked into a folder last. */
const STAMP = '.provision-archive';

const options = z
  .strictObject({
    /** An archive on the controller, found in the project's `files` folders: .tar, .tar.gz, .tar.bz2, .tar.xz, .tar.zst or .zip. */
    src: z.string().min(1).optional(),
    /** An archive that the host downloads itself (with curl or wget). */
    url: z
      .string()
      .regex(/^(https?|ftp):\/\/\S+$/, 'expected a URL')
      .optional(),
    /** The SHA-256 of what `url` gives, in hex: a download with another one is refused. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in 64 hex digits')
      .optional(),
    /** The folder on the host to unpack into; it and those above it are made. */
    path: absolutePath.refine((path) => path !== '/', 'expected a folder of its own, not /'),
    /** A path that unpacking makes: it is unpacked only while this is absent. Default: while the folder does not hold this very archive. */
    creates: absolutePath.optional(),
    /** Leave out this many leading folders of each name. Default 0. */
    stripComponents: z.int().nonnegative().default(0),
    /** Who owns what is unpacked. Default root. */
    owner: accountName.default('root'),
    /** The group of what is unpacked. Default root. */
    group: accountName.default('root'),
    /** Longest time that downloading and unpacking may take, in seconds. Default 600. */
    timeoutSeconds: z.number().positive().default(600),
  })
  .refine((o) => (o.src === undefined) !== (o.url === undefined), 'expected exactly one of src and url')
  .refine((o) => (o.url === undefined) === (o.sha256 === undefined), 'expected sha256 with url, and only with it')
  .refine(
    (o) => formatOf(o.src ?? o.url ?? '') !== undefined,
    'expected a name that ends in .tar, .tar.gz, .tgz, .tar.bz2, .tar.xz, .tar.zst or .zip',
  );

/**
 * An archive, unpacked into a folder. Files of an earlier archive stay there unless this one replaces them: give each
 * version a folder of its own where that matters. A .zip needs the package `unzip` on the host.
 * @example archive({ src: 'app-1.4.tar.gz', path: '/srv/app/releases/1.4', stripComponents: 1, owner: 'app', group: 'app' })
 */
export const archive = defineTask({
  kind: 'archive',
  options,
  subject: (o) => o.creates ?? o.path,
  prepare: async (o, environment) => {
    if (o.src === undefined) return { digest: o.sha256 ?? '', local: undefined };
    const localFile = environment.resolve(o.src, 'files');
    const stat = statSync(localFile);
    if (!stat.isFile()) throw new InputError(`${localFile} is not a file`, { hint: 'for a folder use tree' });
    const digest = await sha256File(localFile);
    return { digest, local: { localFile, sha256: digest, size: stat.size } };
  },
  reads: (o) => ({
    folder: fileState({ path: o.path }),
    created: o.creates === undefined ? [] : [pathExists(o.creates)],
    stamp: o.creates === undefined ? [fileState({ path: `${o.path}/${STAMP}` })] : [],
  }),
  plan: (o, { folder, created, stamp }) => {
    if (folder.type === 'file' || folder.type === 'other') {
      throw new PlanError(`${o.path} is a file, not a folder`, { hint: 'remove it, or name another path' });
    }
    const text = `${o.digest} ${o.stripComponents} ${o.owner}:${o.group}\n`;
    const stampState: FileState = { ...fileOf(text), owner: 'root', group: 'root' };
    if (o.creates === undefined ? stamp[0]?.sha256 === stampState.sha256 : created[0] === true) return [];
    const parts = { ...o, format: formatOf(o.src ?? o.url ?? '') ?? 'tar' };
    const upload: readonly Step[] =
      o.local === undefined
        ? []
        : [{ kind: 'put', path: uploadPath(o.path), content: o.local, owner: 'root', group: 'root', mode: '0600' }];
    const marked = o.creates === undefined ? { path: `${o.path}/${STAMP}`, text } : undefined;
    const { timeoutSeconds } = o;
    const root = { type: 'directory', mode: '0755', owner: o.owner, group: o.group, size: 0 } as const;
    return [
      {
        summary: `unpack ${basename(o.src ?? o.url ?? '')}${stamp[0]?.type === 'file' ? ', another one than is there' : ''}`,
        steps: [sh(prepareScript(parts)), ...upload, sh(unpackScript(parts, marked), { timeoutSeconds })],
        touches: [`path:${o.path}/**`, ...(o.creates === undefined ? [] : [`path:${o.creates}` as const])],
        creates: folder.type === 'absent' ? [`path:${o.path}`] : [],
        predicts: [
          ...(folder.type === 'absent' ? [predictFile({ path: o.path }, root), ...folderThere(o.path)] : []),
          ...(marked === undefined ? [] : [predictFile({ path: marked.path }, stampState)]),
          ...(o.creates === undefined ? [] : [pathExists(o.creates).predict(true)]),
        ],
      },
    ];
  },
});

function fileOf(text: string): Pick<FileState, 'type' | 'mode' | 'size' | 'sha256' | 'content'> {
  return { type: 'file', mode: '0644', size: Buffer.byteLength(text), sha256: sha256(text), content: text };
}
