import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../src/util/shell.js';
import { atOnce, sshWith } from '../floor.js';
import { measure } from '../measure.js';
import { CHANGED, runPlaybook, UNCHANGED } from '../ours.js';
import { thirtyPeerTasks } from '../peers/thirtyTasks.js';
import type { Bench, Command, Workload } from '../workload.js';

/** What another run of the same work does otherwise. */
interface Variant {
  /** Only says what would change. */
  readonly check?: boolean;
}

const folder = ({ root }: Bench): string => join(root, 'bench/workloads');

const script = (bench: Bench, name: string): string => readFileSync(join(folder(bench), name), 'utf8');

/** The number in the first file: in a check another one than the host has. */
const revision = ({ check = false }: Variant): string => (check ? '8' : '7');

function floor(bench: Bench, options: readonly string[], code: number, variant: Variant = {}): Command {
  const remote = `sudo -n sh -c ${quote(script(bench, 'w1-remote.sh'))} w1 ${variant.check === true ? 'check' : ''}`;
  const local = join(folder(bench), 'w1-local.sh');
  return atOnce(
    bench,
    bench.hosts.map((host) => ['sh', local, host.name, revision(variant), remote, ...sshWith(host, options)]),
    code,
  );
}

function ours(bench: Bench, code: number, variant: Variant = {}): Command {
  const flags = ['-e', `bench_first_revision=${revision(variant)}`, ...(variant.check === true ? ['--check', '--diff'] : [])];
  return runPlaybook(bench, 'w1.ts', code, flags);
}

async function undo(bench: Bench): Promise<void> {
  await bench.everywhere(script(bench, 'w1-reset.sh'));
}

/** Does the work once, from its beginning, so that the packages are there. Each tool's unmeasured turn then proves the rest. */
async function converge(bench: Bench): Promise<void> {
  await undo(bench);
  await measure(ours(bench, CHANGED));
}

/** W1: a run of thirty tasks that finds everything done. */
export const secondRun: Workload = {
  name: 'W1',
  title: 'second run of 30 tasks, nothing to change, 3 hosts',
  hosts: 3,
  goal: { asked: 2.5, aim: 1.5 },
  prepare: converge,
  reset: () => Promise.resolve(),
  floor: (bench, options) => floor(bench, options, UNCHANGED),
  ours: (bench) => ours(bench, UNCHANGED),
  peers: (bench) => ({ ...thirtyPeerTasks(bench, revision({})), changes: false }),
};

/** W2: the run that does it all; only the packages are there. */
export const firstRun: Workload = {
  name: 'W2',
  title: 'first run of the 30 tasks, the packages being there, 3 hosts',
  hosts: 3,
  goal: { asked: 1.5, aim: 1.1 },
  prepare: converge,
  reset: undo,
  floor: (bench, options) => floor(bench, options, CHANGED),
  ours: (bench) => ours(bench, CHANGED),
  peers: (bench) => ({ ...thirtyPeerTasks(bench, revision({})), changes: true }),
};

/** W6: what would change, with diffs, where one template of the thirty tasks has another value. */
export const dryRun: Workload = {
  name: 'W6',
  title: 'check mode with diff of the 30 tasks, one template changed, 3 hosts',
  hosts: 3,
  goal: { asked: 2.5, aim: 1.5 },
  prepare: converge,
  reset: () => Promise.resolve(),
  floor: (bench, options) => floor(bench, options, CHANGED, { check: true }),
  ours: (bench) => ours(bench, CHANGED, { check: true }),
  peers: (bench) => ({ ...thirtyPeerTasks(bench, revision({ check: true })), args: ['--check', '--diff'], changes: true }),
};
