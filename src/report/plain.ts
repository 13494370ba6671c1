import type { RunEvent } from '../model/event.js';
import { activityWords } from './activity.js';
import { entries } from './entries.js';
import { recapLines, summary } from './recap.js';
import type { ReportOptions, RunReporter } from './reporter.js';
import { count, oneLine, shownPosition } from './text.js';

/** Lines for logs and pipes: a header a play, a line for what changes, fails or (with `-v`) is ok, and the recap. */
export function plainReporter(options: ReportOptions): RunReporter {
  const lines = plainLines(options);
  return {
    report: (event) => {
      const text = lines(event);
      if (text.length > 0) options.output.write(`${text.join('\n')}\n`);
    },
    hold: (work) => work(),
    close: () => Promise.resolve(),
  };
}

/** The lines of each event, in the order in which a run sends them. */
export function plainLines(options: Omit<ReportOptions, 'output'>): (event: RunEvent) => readonly string[] {
  const { colours, verbose } = options;
  let dryRun = false;
  let entry = entries(options, { dryRun, hosts: [] });
  /** Tasks of a host in this play that had nothing to say. */
  const quiet = new Map<string, number>();

  return (event) => {
    switch (event.type) {
      case 'run-start':
        dryRun = event.dryRun;
        entry = entries(options, event);
        return dryRun ? [colours.dim(`dry run of ${shownPosition({ file: event.playbook })}: nothing is changed`)] : [];
      case 'play-start':
        quiet.clear();
        return ['', colours.bold(`PLAY ${oneLine(event.play)} (${count(event.hosts.length, 'host')})`)];
      case 'task':
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
        return ['', colours.bold('PLAY RECAP'), ...recapLines(event, dryRun, colours), summary(event, dryRun)];
      case 'host-tasks':
        return [];
      case 'host-activity':
        return verbose > 1 ? [`${event.host}  ${colours.dim(activityWords(event))}`] : [];
    }
  };
}
