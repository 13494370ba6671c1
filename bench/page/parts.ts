import { FLOOR, FLOORS, OURS } from '../columns.js';
import type { Circumstances, Result, Results } from '../results.js';
import { holds } from './holds.js';
import { markdown, median, ratio, table, verdict } from './table.js';

/** A workload's own part of the page. */
export function rowPart(name: string, result: Result): string {
  const value = oursToFloor(result);
  const judgement =
    value === undefined ? '' : ` Beside the ${FLOOR}, \`${OURS}\` takes ${value.toFixed(2)} x: ${verdict(value, result.goal)}.`;
  const ended = result.series.flatMap(({ tool, overdue, failed }) => [
    ...(overdue === undefined ? [] : [` ${tool} was ended after ${overdue} s.`]),
    ...(failed === undefined ? [] : [` ${tool} failed: ${failed}.`]),
  ]);
  return [
    `### ${name}: ${result.title}\n`,
    `${told(result.circumstances)}.${judgement}${ended.join('')}\n`,
    table(result.series, FLOORS),
  ].join('\n');
}

/** Where and when, as half a sentence. */
export function told({ day, cores, load: [before, after], versions }: Circumstances): string {
  return `${day}, ${cores} cores for the controller and the hosts, load ${before.toFixed(1)} before and ${after.toFixed(1)} after, ${versions}`;
}

/** How many times as long as the floor ours took; undefined where one of them was not measured. */
function oursToFloor({ series }: Result): number | undefined {
  const ours = series.find(({ tool }) => tool === OURS);
  const floor = series.find(({ tool }) => tool === FLOOR);
  return ours === undefined || floor === undefined ? undefined : ratio(ours, floor);
}

/**
 * The head of the page: a line a workload, and what holds those that are short of their aim.
 * @param names the workloads in the page's order
 * @param missing the tools that were looked for in vain
 */
export function summaryPart({ rows }: Results, names: readonly string[], missing: readonly string[]): string {
  const known = names.flatMap((name) => {
    const result = rows[name];
    return result === undefined ? [] : [{ name, result, value: oursToFloor(result) ?? NaN }];
  });
  if (known.length === 0) return '';
  const tools = [...new Set(known.flatMap(({ result }) => result.series.map(({ tool }) => tool)))];
  const peers = tools.filter((tool) => tool !== OURS && !FLOORS.includes(tool));
  const lines = known.map(({ name, result, value }) => ({
    workload: `${name}: ${result.title}`,
    'floor s': wallOf(result, FLOOR),
    [`${OURS} s`]: wallOf(result, OURS),
    'x floor': `**${value.toFixed(2)}**`,
    asked: `${result.goal.asked}`,
    aim: `${result.goal.aim}`,
    holds: holdsWhat(value, result),
    ...Object.fromEntries(peers.map((tool) => [`${tool} s`, wallOf(result, tool)] as const)),
  }));
  const short = known.filter(({ value, result }) => !(value <= result.goal.aim));
  return [
    markdown(lines),
    `![How many times as long as the ${FLOOR} each tool takes](performance/workloads.svg)\n`,
    missing.length === 0 ? '' : `Not measured, because not on the machine: ${missing.join(', ')}.\n`,
    short.length === 0 ? '' : 'What holds the rows that are short of their aim:\n',
    ...short.map(({ name, value }) => `- **${name}** (${value.toFixed(2)} x): ${holds[name] ?? 'not looked into yet.'}`),
  ].join('\n');
}

function wallOf({ series }: Result, name: string): string {
  const found = series.find(({ tool }) => tool === name);
  if (found === undefined) return '–';
  if (found.runs.length === 0 && found.failed !== undefined) return 'failed';
  if (found.runs.length === 0) return found.overdue === undefined ? '–' : `> ${found.overdue}`;
  return median(found.runs.map(({ wall }) => wall)).toFixed(2);
}

function holdsWhat(value: number, { goal: { asked, aim } }: Result): string {
  if (value <= aim) return 'aim';
  return value <= asked ? 'asked' : 'no';
}

/** The charts of the page. @param names in the page's order */
export function growthPart({ curves }: Results, names: readonly string[]): string {
  return names
    .flatMap((name) => {
      const curve = curves[name];
      if (curve === undefined) return [];
      return [`![Seconds by ${curve.axis}: ${curve.title}](performance/${name}.svg)\n\n${told(curve.circumstances)}.\n`];
    })
    .join('\n');
}
