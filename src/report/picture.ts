import { becauseWords } from './because.js';
import { diffLines, taskSentence, type TaskEvent } from './changes.js';
import { faultLines, indent } from './fault.js';
import { playLog, type FoldedTask } from './fold.js';
import { hostList } from './hostNames.js';
import { packageLines } from './packages.js';
import type { ReportOptions } from './reporter.js';
import { statusPaint, statusWidth, statusWord } from './status.js';
import { count } from './text.js';
import { pad, width } from './width.js';

/** What a dry run found in one play, told when all of its hosts are through: equal things once, in the play's order. */
export interface Picture {
  add(event: TaskEvent): void;
  /** All that was added. */
  lines(): readonly string[];
}

export interface PictureOptions extends Pick<ReportOptions, 'colours' | 'diff' | 'verbose'> {
  /** Count, host by host, the tasks that had nothing to say. */
  readonly countQuiet: boolean;
}

/** Lists of hosts up to this many columns stand before the task; longer ones have a line of their own. */
const WIDEST_HOSTS = 24;
const INDENT = 4;

/** The picture of a play on these hosts. */
export function picture(hosts: readonly string[], options: PictureOptions): Picture {
  const log = playLog(hosts);
  return {
    add: (event) => {
      // What is not shown does not make a difference.
      log.add(options.diff ? event : { ...event, changes: event.changes.map((change) => ({ ...change, diff: undefined })) });
    },
    lines: () => {
      const all = log.folded();
      const told = all.filter(({ status }) => options.verbose > 0 || !isQuiet(status));
      const rest = options.countQuiet ? all.filter(({ status }) => options.verbose === 0 && isQuiet(status)) : [];
      const lines = [...told.map((task) => entry(task, options)), ...quietHosts(rest).map((one) => quietEntry(one, options))];
      const widest = Math.max(0, ...lines.map((one) => width(one.hosts)));
      return lines.flatMap(({ hosts: names, line, under }) => [
        `${pad(names, widest)}  ${line}`.trimEnd(),
        ...indent(under, INDENT),
      ]);
    },
  };
}

interface Entry {
  readonly hosts: string;
  readonly line: string;
  readonly under: readonly string[];
}

function entry(folded: FoldedTask, options: PictureOptions): Entry {
  const { colours, diff, verbose } = options;
  const { changes, because, fault } = folded;
  return headed(folded.hosts, folded.status, taskSentence(folded, { table: true }), options, [
    ...(because.length === 0 ? [] : [colours.dim(`depends on: ${becauseWords(because, verbose > 0)}`)]),
    ...packageLines(changes, colours),
    ...(diff ? diffLines(changes, colours) : []),
    ...(fault === undefined ? [] : faultLines(fault, { colours, verbose })),
  ]);
}

function headed(
  hosts: readonly string[],
  status: FoldedTask['status'],
  text: string,
  { colours, verbose }: Pick<PictureOptions, 'colours' | 'verbose'>,
  under: readonly string[],
): Entry {
  const names = hostList(hosts, verbose > 0 ? Infinity : undefined);
  const long = width(names) > WIDEST_HOSTS;
  return {
    hosts: long ? count(hosts.length, 'host') : names,
    line: `${statusPaint(status, colours)(pad(statusWord(status, true), statusWidth(true)))}  ${text}`,
    under: [...(long ? [colours.dim(`on ${names}`)] : []), ...under],
  };
}

function isQuiet(status: FoldedTask['status']): boolean {
  return status === 'ok' || status === 'skipped';
}

/** Hosts by the number of tasks that had nothing to say. */
function quietHosts(tasks: readonly FoldedTask[]): readonly (readonly [number, readonly string[]])[] {
  const numbers = new Map<string, number>();
  for (const { hosts } of tasks) for (const host of hosts) numbers.set(host, (numbers.get(host) ?? 0) + 1);
  const byNumber = new Map<number, string[]>();
  for (const [host, number] of numbers) byNumber.set(number, [...(byNumber.get(number) ?? []), host]);
  return [...byNumber];
}

function quietEntry([number, hosts]: readonly [number, readonly string[]], options: PictureOptions): Entry {
  return headed(hosts, 'ok', `${count(number, 'task')} with nothing to do`, options, []);
}
