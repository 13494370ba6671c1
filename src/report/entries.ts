import type { HostTotals, RunEvent } from '../model/event.js';
import { diffLines, repetitions, taskSentence, type TaskEvent } from './changes.js';
import { faultLines, indent } from './fault.js';
import { packageLines } from './packages.js';
import type { ReportOptions } from './reporter.js';
import { statusPaint, statusWidth, statusWord } from './status.js';
import { oneLine } from './text.js';
import { pad } from './width.js';

/** Makes the lines that stay: host, what became of it, the task, with the diff or the fault under it. */
export interface Entries {
  task(event: TaskEvent): readonly string[];
  unreachable(event: Extract<RunEvent, { type: 'host-unreachable' }>): readonly string[];
  note(event: Extract<RunEvent, { type: 'note' }>): readonly string[];
  line(host: string, status: keyof HostTotals, text: string): string;
}

const INDENT = 4;

/** Entries for one run; it remembers which diffs it has shown. */
export function entries(
  { colours, diff, verbose }: Pick<ReportOptions, 'colours' | 'diff' | 'verbose'>,
  { dryRun, hosts }: { readonly dryRun: boolean; readonly hosts: readonly string[] },
): Entries {
  const widest = Math.max(...hosts.map((host) => host.length), 0);
  const repetition = repetitions();

  const line = (host: string, status: keyof HostTotals, text: string): string => {
    const word = status === 'unreachable' ? status : statusWord(status, dryRun);
    return `${pad(host, widest)}  ${statusPaint(status, colours)(pad(word, statusWidth(dryRun)))}  ${text}`.trimEnd();
  };

  const diffOf = (event: TaskEvent): readonly string[] => {
    if (!diff) return [];
    const first = repetition(event);
    if (first === undefined) return [...packageLines(event.changes, colours), ...diffLines(event.changes, colours)];
    return [colours.dim(`the same change as ${first === event.host ? 'before' : `on ${first}`}`)];
  };

  return {
    line,
    task: (event) => {
      const fault = event.fault === undefined ? [] : faultLines(event.fault, { colours, verbose });
      return [
        line(event.host, event.status, taskSentence(event, { table: diff })),
        ...indent([...diffOf(event), ...fault], INDENT),
      ];
    },
    unreachable: ({ host, fault }) => [line(host, 'unreachable', ''), ...indent(faultLines(fault, { colours, verbose }), INDENT)],
    note: ({ host, text }) => [`${host === undefined ? '' : `${pad(host, widest)}  `}${colours.dim(`note: ${oneLine(text)}`)}`],
  };
}
