import { join, resolve } from 'node:path';
import { quote } from '../../src/util/shell.js';
import { rigArgv } from './asRoot.js';
import { rigDir } from './paths.js';
import type { Base } from './recipe.js';
import { must, run, type Finished } from './run.js';
import { sshArgv } from './ssh.js';
import { hostDir, readState, type Flavour } from './state.js';
import type { Topology } from './topology.js';

/** What a test asks for. */
export interface RigRequest {
  /** Its own name, so that it runs beside a user's rig and other tests' (default `test`). */
  readonly name?: string;
  /** `plain` unless given. */
  readonly topology?: Topology;
  /** `mariadb` unless given. */
  readonly flavour?: Flavour;
  /** The default of the flavour unless given: bookworm for mariadb, sid for mysql. */
  readonly base?: Base;
}

/** A running rig. */
export interface Rig {
  readonly name: string;
  readonly hosts: Readonly<Record<string, { readonly address: string; readonly groups: readonly string[] }>>;
  /** In a folder of the rig's own: a test may put `group_vars/` and `host_vars/` beside it. */
  readonly inventoryFile: string;
  readonly privateKeyFile: string;
  readonly knownHostsFile: string;
  /** Runs a shell command on a host as its user, or as root. Never throws for its exit code; 255 means no connection. */
  ssh(host: string, command: string, options?: { readonly root?: boolean; readonly input?: string }): Promise<Finished>;
  /** Makes all hosts, or the named ones, bare again. `group_vars` and `host_vars` beside the inventory stay. */
  reset(...hosts: readonly string[]): Promise<void>;
  /** Takes the rig away. */
  stop(): Promise<void>;
  /** The folder with all that a host has written since it was bare (an overlayfs upper directory); root reads it. */
  upperDir(host: string): string;
  /** Every lasting file that a host has written, changed or deleted since it was bare: path to type, owner and hash. */
  fingerprint(host: string): Promise<Record<string, string>>;
}

/** Starts a rig with bare hosts, also where one of that name is up already or was left by a crash. */
export async function startRig(request: RigRequest = {}): Promise<Rig> {
  const name = request.name ?? 'test';
  const inventory = resolve(rigDir(name), 'inventory', 'rig.yml');
  const flags = ['--name', name, '--inventory', inventory, '--flavour', request.flavour ?? 'mariadb', '--fresh'];
  await must(
    rigArgv(['up', request.topology ?? 'plain', ...flags, ...(request.base === undefined ? [] : ['--base', request.base])]),
  );
  return await openRig(name);
}

/** A rig that is up already. @throws Error where it is not. */
export async function openRig(name: string): Promise<Rig> {
  const state = await readState(name);
  if (state === undefined) throw new Error(`there is no rig "${name}"`);
  const folder = state.inventoryFile.replace(/\.yml$/, '');
  return {
    name,
    hosts: Object.fromEntries(state.hosts.map((host) => [host.name, { address: host.address, groups: host.groups }])),
    inventoryFile: state.inventoryFile,
    privateKeyFile: join(folder, 'id_ed25519'),
    knownHostsFile: join(folder, 'known_hosts'),
    async ssh(host, command, { root = false, input } = {}) {
      const line = root ? `sudo -n -- sh -c ${quote(command)}` : command;
      return await run([...sshArgv(state, host), line], input === undefined ? {} : { input });
    },
    async reset(...hosts) {
      await must(rigArgv(['reset', '--name', name, ...hosts]));
    },
    async stop() {
      await must(rigArgv(['down', '--name', name]));
    },
    upperDir: (host) => join(hostDir(name, host), 'upper'),
    async fingerprint(host) {
      return JSON.parse(await must(rigArgv(['fingerprint', '--name', name, host]))) as Record<string, string>;
    },
  };
}
