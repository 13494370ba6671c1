import type { Column } from './columns.js';
import { measure, measureMemory, type Run } from './measure.js';
import type { Series } from './table.js';
import type { Bench, Workload } from './workload.js';

/**
 * Measures the tools in turns, so that what else the machine does meets all of them alike: once unmeasured, `runs`
 * times measured, once for the memory.
 */
export async function takeTurns(
  workload: Workload,
  bench: Bench,
  columns: readonly Column[],
  runs: number,
): Promise<readonly Series[]> {
  const tools = columns.flatMap((column) => {
    const command = column.command(workload, bench);
    return command === undefined ? [] : [{ tool: column.tool, command, runs: new Array<Run>() }];
  });
  for (let turn = -1; turn < runs; turn++) {
    for (const { command, runs: done } of tools) {
      await workload.reset(bench);
      const run = await measure(command);
      if (turn >= 0) done.push(run);
    }
  }
  const series: Series[] = [];
  for (const { tool, command, runs: done } of tools) {
    await workload.reset(bench);
    series.push({ tool, runs: done, memory: await measureMemory(command) });
  }
  return series;
}
