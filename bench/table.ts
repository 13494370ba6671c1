import type { Run } from './measure.js';
import type { Goal } from './workload.js';

/** All runs of a tool in one workload. The runs with the same index were made one after the other. */
export interface Series {
  readonly tool: string;
  readonly runs: readonly Run[];
  /** Bytes; of one more run. */
  readonly memory: number;
}

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

/**
 * A workload's table in Markdown.
 * @param series the tools' runs; those of `floors` are what the others are compared with
 * @param floors the tools that are floors, each a column with ratios
 */
export function table(series: readonly Series[], floors: readonly string[]): string {
  const bases = series.filter(({ tool }) => floors.includes(tool));
  const head = ['tool', 'runs', 'wall s, median (min to max)', ...floors.map((name) => `x ${name}`), 'CPU s', 'memory MB'];
  const rows = series.map((each) => {
    const walls = each.runs.map(({ wall }) => wall);
    const spread = `${median(walls).toFixed(2)} (${Math.min(...walls).toFixed(2)} to ${Math.max(...walls).toFixed(2)})`;
    const ratios = bases.map((base) => ratio(each, base).toFixed(2));
    const cpu = median(each.runs.map((run) => run.cpu)).toFixed(2);
    return [each.tool, String(each.runs.length), spread, ...ratios, cpu, (each.memory / 1e6).toFixed(0)];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** What a ratio is worth. */
export function verdict(value: number, { asked, aim }: Goal): string {
  if (value <= aim) return `at the aim (${aim} x)`;
  return value <= asked ? `at what is asked (${asked} x), not at the aim (${aim} x)` : `not at what is asked (${asked} x)`;
}
