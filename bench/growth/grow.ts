import type { Column } from '../columns.js';
import type { Gauge } from '../gauge.js';
import type { BenchHosts } from '../hosts.js';
import { median } from '../page/table.js';
import type { CurveOfTool, Series } from '../results.js';
import { takeTurns } from '../turns.js';
import type { Bench } from '../workload.js';
import type { Growth, Point } from './curves.js';
import { farBench } from './far.js';

/** What a growth is measured with. */
export interface Means {
  readonly hosts: BenchHosts;
  readonly columns: readonly Column[];
  readonly gauge: Gauge;
  readonly runs: number;
}

/** Measures all points of a growth; a tool has no point where it is not measured or was ended, and none after that one. */
export async function grow({ points }: Growth, means: Means): Promise<readonly CurveOfTool[]> {
  const series: { readonly at: number; readonly of: readonly Series[] }[] = [];
  let columns = means.columns;
  for (const point of points) {
    process.stderr.write(`bench: at ${point.at}\n`);
    const of = await measurePoint(point, { ...means, columns });
    series.push({ at: point.at, of });
    const ended = of.filter(({ overdue, failed }) => (overdue ?? failed) !== undefined);
    columns = columns.filter(({ tool }) => !ended.some((each) => each.tool === tool));
  }
  return means.columns.flatMap(({ tool }) => {
    const walls = series.flatMap(({ at, of }) => {
      const runs = of.find((each) => each.tool === tool)?.runs ?? [];
      return runs.length === 0 ? [] : [[at, median(runs.map(({ wall }) => wall))] as const];
    });
    return walls.length === 0 ? [] : [{ tool, points: walls }];
  });
}

async function measurePoint({ workload, delay }: Point, means: Means): Promise<readonly Series[]> {
  const near = await means.hosts.bench(workload.hosts);
  await workload.prepare(near);
  const measureAt = async (bench: Bench): Promise<readonly Series[]> =>
    await takeTurns(workload, bench, means.columns, { runs: means.runs, gauge: means.gauge, memory: false });
  if (delay === undefined) return await measureAt(near);
  const { bench, close } = await farBench(means.hosts, near, delay);
  try {
    return await measureAt(bench);
  } finally {
    await close();
  }
}
