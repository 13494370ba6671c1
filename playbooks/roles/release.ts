import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** An application's release: its files on the controller, or a repository that the hosts clone. */
export type Release =
  | { readonly kind: 'folder'; readonly id: string; readonly folder: string }
  | { readonly kind: 'git'; readonly id: string; readonly repository: string; readonly version: string };

/** Where the project's own application is after a build. Relative to the project. */
export const OWN_APP = 'dist/app';

/**
 * The release that `app_source` and `app_version` mean. A folder's id is a hash of what it holds, so that the same files
 * are the same release on every host and in every run. Throws where the folder is missing.
 */
export function releaseOf(source: string, version: string | undefined): Release {
  if (/^(https?|ssh|git):\/\/|^[^/]+@[^/]+:|\.git$/.test(source)) {
    const wanted = version ?? 'HEAD';
    return {
      kind: 'git',
      id: `${basename(source, '.git')}-${wanted}`.replaceAll(/[^A-Za-z0-9._-]/g, '-'),
      repository: source,
      version: wanted,
    };
  }
  const folder = resolve(source);
  return { kind: 'folder', id: version ?? digest(folder).slice(0, 12), folder };
}

/** Digests of folders by their paths, with what their files were then: the release is asked for once a host. */
const digests = new Map<string, { readonly marks: string; readonly digest: string }>();

function digest(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => ({ path, stat: statSync(join(folder, path), { bigint: true }) }))
    .filter(({ stat }) => stat.isFile());
  const marks = files.map(({ path, stat }) => [path, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ')).join('\n');
  const known = digests.get(folder);
  if (known?.marks === marks) return known.digest;
  const hash = createHash('sha256');
  for (const { path } of files)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(folder, path)))
      .update('\0');
  const made = hash.digest('hex');
  digests.set(folder, { marks, digest: made });
  return made;
}
