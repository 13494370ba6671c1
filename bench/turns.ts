import type { Column } from './columns.js';
import type { Gauge } from './gauge.js';
import { measure, measureMemory, Overdue, type Run } from './measure.js';
import type { Series } from './results.js';
import type { Bench, Command, Workload } from './workload.js';

interface Tool {
  readonly column: Column;
  readonly command: Command;
  readonly runs: Run[];
  overdue?: number;
  failed?: string;
}

/** Runs of a tool that takes longer than this are not made once more to look at its memory, in seconds. */
const TOO_LONG_TWICE = 60;

/**
 * Measures the tools in turns, so that what else the machine does meets all of them alike: once unmeasured, `runs`
 * times measured, once for the memory. A tool that uses up the patience with it has fewer turns.
 */
export async function takeTurns(
  workload: Workload,
  bench: Bench,
  columns: readonly Column[],
  { runs, gauge, memory = true }: { readonly runs: number; readonly gauge: Gauge; readonly memory?: boolean },
): Promise<readonly Series[]> {
  const tools = columns.flatMap((column): Tool[] => {
    const command = column.command(workload, bench);
    return command === undefined ? [] : [{ column, command, runs: [] }];
  });
  for (const { column } of tools) await column.prepare?.(bench);
  for (let turn = -1; turn < runs; turn++) {
    for (const tool of tools.filter(isWorthWaitingFor)) {
      await workload.reset(bench);
      await takeTurn(tool, turn >= 0, gauge);
    }
  }
  const series: Series[] = [];
  for (const { column, command, runs: done, overdue, failed } of tools) {
    const looks = memory && failed === undefined && done.length > 0 && total(done) / done.length < TOO_LONG_TWICE;
    if (looks) await workload.reset(bench);
    const peak = looks ? await measureMemory(command, gauge) : undefined;
    series.push({
      tool: column.tool,
      runs: done,
      ...(peak === undefined ? {} : { memory: peak }),
      ...(overdue === undefined ? {} : { overdue }),
      ...(failed === undefined ? {} : { failed }),
    });
  }
  return series;
}

const total = (runs: readonly Run[]): number => runs.reduce((sum, { wall }) => sum + wall, 0);

function isWorthWaitingFor({ column: { patience }, runs, overdue, failed }: Tool): boolean {
  return overdue === undefined && failed === undefined && (patience === undefined || total(runs) < patience.all);
}

async function takeTurn(tool: Tool, measured: boolean, gauge: Gauge): Promise<void> {
  const { patience } = tool.column;
  // What needs the patience of minutes does not become faster by a run before; and that one costs minutes.
  if (!measured && patience !== undefined) return;
  try {
    const run = await measure(tool.command, { gauge, ...(patience === undefined ? {} : { limit: patience.run }) });
    if (measured) tool.runs.push(run);
    process.stderr.write(`  ${tool.column.tool}: ${run.wall.toFixed(2)} s${measured ? '' : ' (not counted)'}\n`);
  } catch (error) {
    if (error instanceof Overdue) tool.overdue = error.seconds;
    else if (patience !== undefined && error instanceof Error) tool.failed = failureOf(tool, error);
    else throw error; // a floor or ours that does not do its work makes the whole comparison worthless
  }
}

/** A peer's failure is no reason to measure nothing: it is told in full here, and in a few words on the page. */
function failureOf({ column }: Tool, { message }: Error): string {
  process.stderr.write(`bench: ${column.tool}: ${message}\n`);
  const unreachable = [...message.matchAll(/unreachable=1/g)].length;
  return unreachable > 0 ? `${unreachable} hosts unreachable` : (message.split(' of: ')[0] ?? message);
}
