import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { OURS, FLOOR } from './columns.js';
import type { Growth } from './growth/curves.js';
import { grow, type Means } from './growth/grow.js';
import type { Circumstances, Curve, Result } from './results.js';
import { takeTurns } from './turns.js';
import type { Workload } from './workload.js';

/** Runs of each tool at a point of a curve, at most. */
const RUNS_OF_A_POINT = 3;

/** How long a peer is waited for at a point, in seconds: a curve shows where it goes without its last points, too. */
const PATIENCE_OF_A_POINT = { run: 100, all: 40 };

/** Measures a workload with all tools. */
export async function measureWorkload(workload: Workload, { hosts, columns, gauge, runs }: Means): Promise<Result> {
  process.stderr.write(`bench: ${workload.name}, ${workload.title}\n`);
  const bench = await hosts.bench(workload.hosts);
  await workload.prepare(bench);
  const load = loadavg()[0] ?? 0;
  const series = await takeTurns(workload, bench, columns, { runs: Math.min(runs, workload.mostRuns ?? runs), gauge });
  await workload.leave?.(bench);
  return { title: workload.title, goal: workload.goal, circumstances: circumstances(load), series };
}

/** Measures how the time grows: of the floors only the one that the goals are about. */
export async function measureGrowth(growth: Growth, means: Means): Promise<Curve> {
  process.stderr.write(`bench: ${growth.name}, ${growth.title}\n`);
  const columns = means.columns
    .filter(({ tool, isFloor }) => tool === FLOOR || tool === OURS || !isFloor)
    .map((column) => (column.patience === undefined ? column : { ...column, patience: PATIENCE_OF_A_POINT }));
  const load = loadavg()[0] ?? 0;
  const tools = await grow(growth, { ...means, columns, runs: Math.min(means.runs, RUNS_OF_A_POINT) });
  return { title: growth.title, axis: growth.axis, circumstances: circumstances(load), tools };
}

function circumstances(before: number): Circumstances {
  return {
    day: new Date().toISOString().slice(0, 10),
    cores: cpus().length,
    load: [before, loadavg()[0] ?? 0],
    versions: `Node ${process.versions.node}, ${sshVersion()}`,
  };
}

function sshVersion(): string {
  const { 0: version = '' } = execFileSync('sh', ['-c', 'ssh -V 2>&1'], { encoding: 'utf8' }).split(/[ ,]/);
  return version.replace('_', ' ');
}
