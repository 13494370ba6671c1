import { access, mkdir, readdir, rename, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { endGroups } from './cgroup.js';
import { inGroups } from './daemon.js';
import { withLock } from './lock.js';
import { machineApt, type MachineApt } from './machineApt.js';
import { aptCacheDir, cacheDir, imagesDir } from './paths.js';
import { unmountBelow } from './mounts.js';
import { startProxy } from './proxy.js';
import type { Upstream } from './proxyUpstream.js';
import { recipeFor, type Base, type Recipe } from './recipe.js';
import { must } from './run.js';

const BEING_BUILT = '.new-';

/** The cgroups of a build; no rig's name has an underscore. */
const BUILDER = ['_images', 'build'] as const;

/**
 * The folder of a base's root file system, built first where it is not there. Half-built ones are never taken: a
 * build gets its final name when it is complete.
 * @param say tells the user what takes long
 */
export async function baseImage(base: Base, say: (line: string) => void): Promise<string> {
  const apt = await machineApt();
  const recipe = recipeFor(base, apt);
  const folder = join(imagesDir, recipe.key);
  if (await exists(folder)) return folder;
  return await withLock(
    join(cacheDir, 'images.lock'),
    async () => {
      if (!(await exists(folder))) await build(recipe, apt, folder, say);
      return folder;
    },
    () => {
      say('waiting for another process that builds an image');
    },
  );
}

/** The way in which this machine's apt leaves it, for a proxy. */
export function upstreamOf(apt: MachineApt): Upstream {
  const secure = [apt.mirror, apt.securityMirror].filter((uri) => uri?.startsWith('https:') === true);
  return { proxy: apt.proxy, httpsHosts: [...new Set(secure.map((uri) => new URL(uri ?? '').host))] };
}

async function build(recipe: Recipe, apt: MachineApt, folder: string, say: (line: string) => void): Promise<void> {
  await mkdir(imagesDir, { recursive: true, mode: 0o700 });
  await removeRemains();
  const started = Date.now();
  say(`building the ${recipe.base} base image (once; about half a minute)`);
  const target = join(imagesDir, `${BEING_BUILT}${recipe.key}`);
  const proxy = await startProxy({ folder: aptCacheDir, address: '127.0.0.1', port: 0, upstream: upstreamOf(apt) });
  try {
    const { port } = proxy.address() as AddressInfo;
    const proxyOption = `--aptopt=Acquire::http::Proxy "http://127.0.0.1:${port}"`;
    const env = { http_proxy: '', HTTP_PROXY: '', LC_ALL: 'C.UTF-8' };
    const argv = ['mmdebstrap', ...recipe.args, proxyOption, recipe.base, target, ...recipe.sources];
    await must(await inGroups(...BUILDER, argv), { env });
  } finally {
    await endGroups(...BUILDER);
    proxy.close();
    proxy.closeAllConnections();
  }
  await rename(target, folder);
  say(`built the ${recipe.base} base image in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Ends and removes what a build that did not end has left. The lock says that none is under way. */
async function removeRemains(): Promise<void> {
  await endGroups(...BUILDER);
  await unmountBelow(imagesDir);
  for (const name of await readdir(imagesDir)) {
    if (name.startsWith(BEING_BUILT)) await rm(join(imagesDir, name), { recursive: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
