import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/util/packageRoot.js';
import { user } from '../test/rig/recipe.js';
import { openRig, startRig, type Rig } from '../test/rig/rig.js';
import { sshArgv } from '../test/rig/ssh.js';
import { readState } from '../test/rig/state.js';
import type { Bench, BenchHost } from './workload.js';

const NAME = 'bench';

/** Hosts for the bench, and how to take them away. */
export interface BenchHosts {
  readonly bench: Bench;
  /** @param keep leave the hosts for the next time */
  readonly close: (keep: boolean) => Promise<void>;
}

/** Uses the container hosts of an earlier time where all of them answer, else starts new ones. */
export async function openHosts(): Promise<BenchHosts> {
  const rig = (await running()) ?? (await startRig({ name: NAME }));
  const state = await readState(NAME);
  if (state === undefined) throw new Error(`the rig "${NAME}" went away`);
  const hosts = Object.keys(rig.hosts).map((name): BenchHost => {
    return { name, ssh: sshArgv(state, name), root: (script) => asRoot(rig, name, script) };
  });
  const folder = await mkdtemp(join(tmpdir(), 'provision-bench-'));
  const inventory = join(folder, 'bench.yml');
  await writeFile(inventory, inventoryOf(rig));
  return {
    bench: { root: packageRoot(), hosts, inventory },
    close: async (keep) => {
      await rm(folder, { recursive: true });
      if (!keep) await rig.stop();
    },
  };
}

async function running(): Promise<Rig | undefined> {
  const rig = await openRig(NAME).catch(() => undefined);
  if (rig === undefined) return undefined;
  const answers = await Promise.all(Object.keys(rig.hosts).map(async (host) => await rig.ssh(host, 'true')));
  return answers.every(({ code }) => code === 0) ? rig : undefined;
}

async function asRoot(rig: Rig, host: string, script: string): Promise<void> {
  const { code, stderr } = await rig.ssh(host, script, { root: true });
  if (code !== 0) throw new Error(`${host}: exit code ${code}\n${stderr}`);
}

/** The hosts alone: the rig's own inventory has variables of the site, which a playbook of the bench does not know. JSON is YAML. */
function inventoryOf(rig: Rig): string {
  const vars = {
    ansible_user: user.name,
    ansible_ssh_private_key_file: rig.privateKeyFile,
    ansible_ssh_known_hosts_file: rig.knownHostsFile,
  };
  const hosts = Object.entries(rig.hosts).map(([name, { address }]) => [name, { ansible_host: address }] as const);
  return JSON.stringify({ all: { vars, hosts: Object.fromEntries(hosts) } });
}
