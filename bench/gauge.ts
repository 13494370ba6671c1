import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endGroups, kill, makeGroups, processesOf } from '../test/rig/cgroup.js';
import { waitFor } from '../test/rig/wait.js';
import { countersDown, countersUp, readCounters, type Traffic } from './counters.js';

/** The member of the rig's groups in which the measured commands run. */
const CONTROLLER = '_controller';

/** What has been used up to now. */
export interface Reading extends Traffic {
  /** Time of the processors on the controller's side, in seconds; processes in the background count too. */
  readonly controller: number;
  /** The same of the hosts. */
  readonly hosts: number;
}

/** Reads what a measured command uses beyond its own process, as root. */
export interface Gauge {
  /** The cgroup that a measured command enters first. */
  readonly group: string;
  readonly read: () => Promise<Reading>;
  /** Ends what a command has left running, such as ssh's connections that are kept: each run begins without. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * A gauge for a rig.
 * @param subnet the first three numbers of its network
 * @param hosts the names of its containers
 */
export async function openGauge(rig: string, subnet: string, hosts: readonly string[]): Promise<Gauge> {
  const group = await countingGroup(rig, CONTROLLER);
  const hostGroups = await Promise.all(hosts.map(async (host) => await countingGroup(rig, host)));
  await countersUp(subnet);
  return {
    group,
    read: async () => {
      const [controller, ...each] = await Promise.all([group, ...hostGroups].map(processorTime));
      return { controller: controller ?? 0, hosts: each.reduce((sum, one) => sum + one, 0), ...(await readCounters()) };
    },
    settle: async () => {
      await waitFor('the processes that a run left have ended', 20_000, async () => {
        const left = await processesOf(rig, CONTROLLER);
        left.forEach(kill);
        return left.length === 0 ? true : undefined;
      });
    },
    close: async () => {
      await countersDown();
      await endGroups(rig, CONTROLLER);
    },
  };
}

/** The group of a member in the unified hierarchy: only that one counts the processors' time everywhere. */
async function countingGroup(rig: string, member: string): Promise<string> {
  for (const folder of await makeGroups(rig, member)) {
    const found = await readFile(join(folder, 'cpu.stat'), 'utf8').catch(() => '');
    if (found !== '') return folder;
  }
  throw new Error('bench: no cgroup here counts processor time; the unified hierarchy (cgroup2) must be mounted');
}

async function processorTime(group: string): Promise<number> {
  const found = /^usage_usec (\d+)$/m.exec(await readFile(join(group, 'cpu.stat'), 'utf8'));
  return Number(found?.[1] ?? NaN) / 1e6;
}
