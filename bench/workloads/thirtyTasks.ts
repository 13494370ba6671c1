import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../src/util/shell.js';
import { atOnce, sshWith } from '../floor.js';
import { measure } from '../measure.js';
import { provision } from '../ours.js';
import type { Bench, Command, Workload } from '../workload.js';

/** Both report with their exit code whether they changed something. */
const CHANGED = 2;
const UNCHANGED = 0;

const folder = ({ root }: Bench): string => join(root, 'bench/workloads');

const script = (bench: Bench, name: string): string => readFileSync(join(folder(bench), name), 'utf8');

function floor(bench: Bench, options: readonly string[], code: number): Command {
  const remote = `sudo -n sh -c ${quote(script(bench, 'w1-remote.sh'))}`;
  const local = join(folder(bench), 'w1-local.sh');
  return atOnce(
    bench.hosts.map((host) => ['sh', local, host.name, remote, ...sshWith(host, options)]),
    code,
  );
}

function ours(bench: Bench, code: number): Command {
  return provision(bench, [join(folder(bench), 'w1.ts'), '--output', 'plain', '--detailed-exitcode'], code);
}

async function undo(bench: Bench): Promise<void> {
  const reset = script(bench, 'w1-reset.sh');
  await Promise.all(bench.hosts.map((host) => host.root(reset)));
}

/** Does the work once, from its beginning, so that the packages are there; then both must agree that all is done. */
async function converge(bench: Bench): Promise<void> {
  await undo(bench);
  await measure(ours(bench, CHANGED));
  await measure(ours(bench, UNCHANGED));
  await measure(floor(bench, [], UNCHANGED));
}

/** W1: a run of thirty tasks that finds everything done. */
export const secondRun: Workload = {
  name: 'W1',
  title: 'second run of 30 tasks, nothing to change',
  goal: { asked: 2.5, aim: 1.5 },
  prepare: converge,
  reset: () => Promise.resolve(),
  floor: (bench, options) => floor(bench, options, UNCHANGED),
  ours: (bench) => ours(bench, UNCHANGED),
};

/** W2: the run that does it all; only the packages are there. */
export const firstRun: Workload = {
  name: 'W2',
  title: 'first run of the 30 tasks, the packages being there',
  goal: { asked: 1.5, aim: 1.1 },
  prepare: converge,
  reset: undo,
  floor: (bench, options) => floor(bench, options, CHANGED),
  ours: (bench) => ours(bench, CHANGED),
};
