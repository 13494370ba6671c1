import type { RunEvent } from '../model/event.js';
import { activityWords } from './activity.js';
import { entries } from './entries.js';
import { picture, type Picture } from './picture.js';
import { recapLines, summary } from './recap.js';
import type { ReportOptions, RunReporter } from './reporter.js';
import { count, oneLine, shownPosition } from './text.js';

/**
 * Lines for logs and pipes: a header a play, a line for what changes, fails or (with `-v`) is ok, and the recap. A dry
 * run's tasks are told when their play is through, equal ones once.
 */
export function plainReporter(options: ReportOptions): RunReporter {
  const { of, left } = plainLines(options);
  const write = (lines: readonly string[]): void => {
    if (lines.length > 0) options.output.write(`${lines.join('\n')}\n`);
  };
  return {
    report: (event) => {
      write(of(event));
    },
    hold: (work) => work(),
    close: () => {
      write(left());
      return Promise.resolve();
    },
  };
}

export interface PlainLines {
  /** The lines of each event, in the order in which a run sends them. */
  readonly of: (event: RunEvent) => readonly string[];
  /** What is still held back of a run that did not come to its end. */
  readonly left: () => readonly string[];
}

export function plainLines(options: Omit<ReportOptions, 'output'>): PlainLines {
  const { colours, verbose } = options;
  let dryRun = false;
  let entry = entries(options, { dryRun, hosts: [] });
  /** Tasks of a host in this play that had nothing to say. */
  const quiet = new Map<string, number>();
  /** A dry run's tasks of this play. */
  let held: Picture | undefined;

  const left = (): readonly string[] => {
    const lines = held?.lines() ?? [];
    held = undefined;
    return lines;
  };

  const of = (event: RunEvent): readonly string[] => {
    switch (event.type) {
      case 'run-start':
        dryRun = event.dryRun;
        entry = entries(options, event);
        return dryRun ? [colours.dim(`dry run of ${shownPosition({ file: event.playbook })}: nothing is changed`)] : [];
      case 'play-start': {
        const before = left();
        quiet.clear();
        if (dryRun) held = picture(event.hosts, { ...options, countQuiet: true });
        return [...before, '', colours.bold(`PLAY ${oneLine(event.play)} (${count(event.hosts.length, 'host')})`)];
      }
      case 'task':
        if (held !== undefined) {
          held.add(event);
          return [];
        }
        if (verbose > 0 || (event.status !== 'ok' && event.status !== 'skipped')) return entry.task(event);
        quiet.set(event.host, (quiet.get(event.host) ?? 0) + 1);
        return [];
      case 'host-unreachable':
        return entry.unreachable(event);
      case 'host-end': {
        const tasks = quiet.get(event.host) ?? 0;
        return tasks === 0 ? [] : [entry.line(event.host, 'ok', `${count(tasks, 'task')} with nothing to do`)];
      }
      case 'note':
        return entry.note(event);
      case 'run-end':
        return [...left(), '', colours.bold('PLAY RECAP'), ...recapLines(event, dryRun, colours), summary(event, dryRun)];
      case 'host-tasks':
      case 'profile':
        return [];
      case 'host-activity':
        return verbose > 1 ? [`${event.host}  ${colours.dim(activityWords(event))}`] : [];
    }
  };
  return { of, left };
}
