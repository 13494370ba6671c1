import type { Run } from '../measure.js';
import type { Series } from '../results.js';
import type { Goal } from '../workload.js';

/** The middle of the values; of an even number of them the mean of the two in the middle. NaN where there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** How many times as long as the floor a tool took: the median over the pairs of runs, which had the same load. */
export function ratio(tool: Series, floor: Series): number {
  const pairs = tool.runs.flatMap(({ wall }, index) => {
    const beside = floor.runs[index];
    return beside === undefined ? [] : [wall / beside.wall];
  });
  return median(pairs);
}

/** The median of a measure that only some runs have, written by `write`; a dash where none has it. */
function cell(runs: readonly Run[], measure: (run: Run) => number | undefined, write: (value: number) => string): string {
  const values = runs.map(measure).filter((value) => value !== undefined);
  return values.length === 0 ? '–' : write(median(values));
}

const seconds = (value: number): string => value.toFixed(2);
const kilobytes = (value: number): string => (value / 1e3).toFixed(0);
const count = (value: number): string => value.toFixed(0);

/** A tool's time as the tables show it: its median with the spread, or how long it was waited for. */
function spread({ runs, overdue, failed }: Series): string {
  const walls = runs.map(({ wall }) => wall);
  if (walls.length === 0 && failed !== undefined) return 'failed';
  if (walls.length === 0) return overdue === undefined ? '–' : `more than ${overdue}`;
  return `${seconds(median(walls))} (${seconds(Math.min(...walls))} to ${seconds(Math.max(...walls))})`;
}

/**
 * A workload's table in Markdown.
 * @param series the tools' runs; those of `floors` are what the others are compared with
 * @param floors the tools that are floors, each a column with ratios
 */
export function table(series: readonly Series[], floors: readonly string[]): string {
  const bases = series.filter(({ tool }) => floors.includes(tool));
  const rows = series.map((each): Readonly<Record<string, string>> => {
    const { tool, runs, memory } = each;
    return {
      tool,
      runs: String(runs.length),
      'wall s, median (min to max)': spread(each),
      ...Object.fromEntries(
        bases.map((base) => [`x ${base.tool}`, runs.length === 0 ? '–' : seconds(ratio(each, base))] as const),
      ),
      'CPU s': cell(runs, ({ cpu }) => cpu, seconds),
      'of hosts': cell(runs, ({ rig }) => rig?.hosts, seconds),
      'memory MB': memory === undefined ? '–' : (memory / 1e6).toFixed(0),
      connections: cell(runs, ({ rig }) => rig?.connections, count),
      'KB to hosts': cell(runs, ({ rig }) => rig?.sent, kilobytes),
      'KB back': cell(runs, ({ rig }) => rig?.received, kilobytes),
      packets: cell(runs, ({ rig }) => rig?.packets, count),
    };
  });
  return markdown(rows);
}

/** Rows with the same keys, which are the head, as a table in Markdown. */
export function markdown(rows: readonly Readonly<Record<string, string>>[]): string {
  const head = Object.keys(rows[0] ?? {});
  const lines = [head, head.map(() => '---'), ...rows.map((row) => head.map((key) => row[key] ?? ''))];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** What a ratio is worth. */
export function verdict(value: number, { asked, aim }: Goal): string {
  if (value <= aim) return `at the aim (${aim} x)`;
  return value <= asked ? `at what is asked (${asked} x), not at the aim (${aim} x)` : `not at what is asked (${asked} x)`;
}
