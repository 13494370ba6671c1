import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/util/packageRoot.js';
import { openRig, startRig, type Rig } from '../test/rig/rig.js';
import { sshArgv } from '../test/rig/ssh.js';
import { readState } from '../test/rig/state.js';
import { accessOf, writeInventories, type Access, type Inventories } from './inventories.js';
import { playWide } from './wide.js';
import type { Bench, BenchHost } from './workload.js';

/** The rig's name. */
export const RIG = 'bench';

/** The container that plays many hosts. */
const PLAYER = 'lb-01';

/** Hosts for the bench, and how to take them away. */
export interface BenchHosts {
  /** The first three numbers of their network, such as `10.79.0`. */
  readonly subnet: string;
  /** The names of the containers that play hosts. */
  readonly containers: readonly string[];
  /** What logs in to the containers. */
  readonly access: Access;
  /** A bench with so many hosts: three are containers of their own; other numbers are played by one container. */
  readonly bench: (hosts: number) => Promise<Bench>;
  /** Inventories of other places where the hosts are reached. */
  readonly inventories: (hosts: readonly BenchHost[], knownHosts: string) => Promise<Inventories>;
  /** @param keep leave the hosts for the next time */
  readonly close: (keep: boolean) => Promise<void>;
}

/** A host that was left in the middle of the site's workload: its firewall would keep others out. */
const HAS_RULES = 'command -v nft >/dev/null && nft list tables | grep -q .';

/**
 * Uses the container hosts of an earlier time where all of them answer and let everybody in, else starts new ones.
 * @param most the largest number of hosts that will be asked for
 */
export async function openHosts(most: number): Promise<BenchHosts> {
  const rig = (await running()) ?? (await startRig({ name: RIG }));
  const state = await readState(RIG);
  if (state === undefined) throw new Error(`the rig "${RIG}" went away`);
  const folder = await mkdtemp(join(tmpdir(), 'provision-bench-'));
  const access = accessOf(rig);
  const three = Object.entries(rig.hosts).map(([name, { address }]): BenchHost => {
    return { name, address, port: 22, ssh: sshArgv(state, name) };
  });
  const inventories = async (hosts: readonly BenchHost[], knownHosts: string): Promise<Inventories> =>
    await writeInventories(folder, hosts, { ...access, knownHosts });
  const benchOf = async (hosts: readonly BenchHost[], names: readonly string[], knownHosts: string): Promise<Bench> => ({
    root: packageRoot(),
    folder,
    hosts,
    ...(await inventories(hosts, knownHosts)),
    siteInventory: rig.inventoryFile,
    bare: () => rig.reset(),
    everywhere: async (script) => {
      await Promise.all(
        names.map(async (name) => {
          await asRoot(rig, name, script);
        }),
      );
    },
  });
  return {
    subnet: state.subnet,
    containers: Object.keys(rig.hosts),
    access,
    inventories,
    bench: async (count) => {
      if (count === three.length) return await benchOf(three, Object.keys(rig.hosts), access.knownHosts);
      const player = three.find(({ name }) => name === PLAYER);
      if (player === undefined) throw new Error(`the rig "${RIG}" has no host ${PLAYER}`);
      const wide = await playWide({ rig, player, folder, count, most: Math.max(most, count) });
      return await benchOf(wide.hosts, [PLAYER], wide.knownHosts);
    },
    close: async (keep) => {
      await rm(folder, { recursive: true });
      if (!keep) await rig.stop();
    },
  };
}

async function running(): Promise<Rig | undefined> {
  const rig = await openRig(RIG).catch(() => undefined);
  if (rig === undefined) return undefined;
  const answers = await Promise.all(
    Object.keys(rig.hosts).map(async (host) => await rig.ssh(host, `! { ${HAS_RULES}; }`, { root: true })),
  );
  return answers.every(({ code }) => code === 0) ? rig : undefined;
}

async function asRoot(rig: Rig, host: string, script: string): Promise<void> {
  const { code, stdout, stderr } = await rig.ssh(host, script, { root: true });
  if (code !== 0) throw new Error(`${host}: exit code ${code}\n${stdout}${stderr}`);
}
