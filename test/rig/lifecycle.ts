import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { endGroups } from './cgroup.js';
import { boot, discard, isRunning, stop, type Container } from './container.js';
import { hostLayer } from './hostFiles.js';
import { baseImage } from './image.js';
import { accessFiles, writeInventory } from './inventoryFile.js';
import { ensureInotifyInstances } from './inotify.js';
import { ensureKey } from './key.js';
import { withLock } from './lock.js';
import { unmountBelow, writableLayers } from './mounts.js';
import { networkDown, networkUp } from './network.js';
import { cacheDir, rigDir } from './paths.js';
import { ensureProxy } from './proxyDaemon.js';
import { ready } from './ready.js';
import { hostDir, hostsDir, readState, writeState, type RigState } from './state.js';
import { chooseSubnet } from './subnet.js';
import { topologies } from './topology.js';
import { ensureMachineId } from './machineId.js';
import type { Say, UpOptions } from './options.js';

/**
 * Brings a rig up: its hosts run and answer to ssh when this returns. Hosts that run already are left as they are,
 * unless `fresh` is asked for; what a crashed run left is taken up or away.
 * @throws Error when the rig runs with another base or other hosts.
 */
export async function up(options: UpOptions, say: Say): Promise<RigState> {
  const image = await baseImage(options.base, say);
  return await locked(options.name, say, async () => {
    const before = await readState(options.name);
    const differs = before !== undefined && difference(before, options);
    if (differs !== false && differs !== undefined && !options.fresh) {
      throw new Error(
        `the rig "${options.name}" is up ${differs}; take it down first: npm run rig -- down --name ${options.name}`,
      );
    }
    if (before !== undefined && (options.fresh || before.image !== image)) await end(before.name);
    const subnet = before?.subnet ?? (await chooseSubnet(options));
    const hosts = topologies[options.topology].map(({ name, number, groups }) => ({
      name,
      address: `${subnet}.${number}`,
      groups,
    }));
    const { name, topology, base, flavour, inventoryFile } = options;
    const state: RigState = { name, topology, base, flavour, subnet, image, inventoryFile, hosts };
    await ensureMachineId(say);
    await ensureInotifyInstances(say);
    await writeState(state);
    await writableLayers(hostsDir(name));
    await networkUp(name, subnet);
    await ensureProxy(name, `${subnet}.1`);
    const publicKey = await ensureKey(name);
    const hostKeys = new Map<string, string>();
    const starts = hosts.map(async (host) => {
      const container = containerOf(state, host.name);
      await mkdir(container.folder, { recursive: true });
      hostKeys.set(
        host.name,
        await hostLayer(join(container.folder, 'layer'), { name: host.name, gateway: container.gateway, publicKey }),
      );
      if (await isRunning(name, host.name, host.address)) return;
      await stop(name, host.name, container.folder);
      await boot(container);
    });
    await all(starts);
    await writeInventory(state, hostKeys);
    await all(
      hosts.map(async (host) => {
        await ready(state, host.name);
      }),
    );
    return state;
  });
}

/** Makes every host of a rig bare again: what it wrote since its first boot is gone, its identity stays. */
export async function reset(rig: string, say: Say, only?: readonly string[]): Promise<RigState> {
  return await locked(rig, say, async () => {
    const state = await existing(rig);
    await networkUp(rig, state.subnet);
    await ensureProxy(rig, `${state.subnet}.1`);
    const hosts = state.hosts.filter((host) => only === undefined || only.length === 0 || only.includes(host.name));
    await all(
      hosts.map(async (host) => {
        const container = containerOf(state, host.name);
        await stop(rig, host.name, container.folder);
        await discard(container.folder);
        await boot(container);
        await ready(state, host.name);
      }),
    );
    await sweep(state);
    return state;
  });
}

/** Takes a rig down and away: no process, mount, bridge, cgroup, nft table or file of it is left. */
export async function down(rig: string, say: Say): Promise<void> {
  await locked(rig, say, async () => {
    const state = await readState(rig);
    await end(rig);
    if (state === undefined) return;
    const { privateKey } = accessFiles(state.inventoryFile);
    await rm(state.inventoryFile, { force: true });
    await rm(join(privateKey, '..'), { recursive: true, force: true });
  });
}

/** A rig's state. @throws Error where there is no such rig. */
export async function existing(rig: string): Promise<RigState> {
  const state = await readState(rig);
  if (state === undefined) throw new Error(`there is no rig "${rig}"; start it with: npm run rig -- up --name ${rig}`);
  return state;
}

async function end(rig: string): Promise<void> {
  const names = await readdir(hostsDir(rig)).catch(() => []);
  await all(
    names.map(async (name) => {
      await stop(rig, name, hostDir(rig, name));
    }),
  );
  await endGroups(rig);
  await unmountBelow(rigDir(rig));
  await networkDown(rig);
  await rm(rigDir(rig), { recursive: true, force: true });
}

function containerOf(state: RigState, host: string): Container {
  const found = state.hosts.find((each) => each.name === host);
  if (found === undefined)
    throw new Error(`the rig "${state.name}" has no host "${host}"; it has ${state.hosts.map((each) => each.name).join(', ')}`);
  const { name: rig, image, subnet } = state;
  return { rig, name: host, address: found.address, gateway: `${subnet}.1`, image, folder: hostDir(rig, host) };
}

function difference(state: RigState, options: UpOptions): string | undefined {
  if (state.base !== options.base) return `on ${state.base}, not on ${options.base}`;
  if (state.topology !== options.topology) return `with the hosts of "${state.topology}", not of "${options.topology}"`;
  if (state.flavour !== options.flavour) return `for ${state.flavour}, not for ${options.flavour}`;
  return undefined;
}

/** Deletes what resets moved aside. */
async function sweep(state: RigState): Promise<void> {
  for (const { name } of state.hosts) {
    const folder = hostDir(state.name, name);
    for (const entry of await readdir(folder))
      if (entry.startsWith('old-')) await rm(join(folder, entry), { recursive: true, force: true });
  }
}

async function locked<T>(rig: string, say: Say, work: () => Promise<T>): Promise<T> {
  return await withLock(join(cacheDir, 'locks', rig), work, () => {
    say(`waiting for another process that works on the rig "${rig}"`);
  });
}

/** Waits for all, also after a failure, so that nothing goes on behind an error's back. */
async function all(work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
