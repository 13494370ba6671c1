import type { ChangeReport } from '../model/event.js';
import { diffLines, taskSentence } from './changes.js';
import type { Colours, Paint } from './colours.js';
import { indent } from './fault.js';
import { count } from './text.js';
import { pad } from './width.js';

/** A drift as it is shown. */
export interface ShownDrift {
  readonly entries: readonly ShownEntry[];
  readonly orphans: readonly ShownOrphan[];
  readonly withoutJournal: readonly string[];
  readonly outcome: { readonly totals: Readonly<Record<string, unknown>> };
}

interface ShownEntry {
  readonly host: string;
  readonly play: string;
  readonly id: string;
  readonly cause: 'host' | 'code' | 'both' | 'new';
  readonly known: boolean;
  readonly changes: readonly ChangeReport[];
}

interface ShownOrphan {
  readonly host: string;
  readonly topic: string;
  readonly task: string;
}

/** Why something drifted, in words. */
export const CAUSES: Readonly<Record<ShownEntry['cause'], string>> = {
  host: 'changed by hand',
  code: 'the code changed',
  both: 'changed by hand, and the code changed',
  new: 'new in the code',
};

/** What drifted for a person: a line a task, its diff below, then what nothing names any more, and a sentence. */
export function driftLines(drift: ShownDrift, { diff, colours }: { diff: boolean; colours: Colours }): readonly string[] {
  const { entries, orphans, withoutJournal } = drift;
  const hosts = [...new Set([...entries, ...orphans].map(({ host }) => host))].sort();
  const widest = Math.max(0, ...hosts.map((host) => host.length));
  const line = (host: string, word: string, paint: Paint, text: string) =>
    `${pad(host, widest)}  ${paint(pad(word, 16))}  ${text}`;
  return [
    ...hosts.flatMap((host) => [
      ...entries
        .filter((entry) => entry.host === host)
        .flatMap((entry) => [
          line(host, CAUSES[entry.cause], entry.cause === 'host' ? colours.red : colours.yellow, sentence(entry)),
          ...(diff ? indent(diffLines(entry.changes, colours), 4) : []),
        ]),
      ...orphans
        .filter((orphan) => orphan.host === host)
        .map((orphan) => line(host, 'orphan', colours.magenta, `${orphan.topic}, made by ${orphan.task}`)),
    ]),
    ...withoutJournal.map((host) => `${host} has no journal: no run of this playbook has ended there yet`),
    summaryOf(entries, orphans, drift),
  ];
}

function sentence({ id, known, changes }: ShownEntry): string {
  return taskSentence({ task: id, status: known ? 'changed' : 'unknown', changes });
}

function summaryOf(entries: readonly ShownEntry[], orphans: readonly ShownOrphan[], { outcome }: ShownDrift): string {
  const of = (...causes: readonly ShownEntry['cause'][]) => entries.filter(({ cause }) => causes.includes(cause)).length;
  const parts = [
    [of('host', 'both'), 'changed by hand'],
    [of('code', 'both'), 'for the code changed'],
    [of('new'), 'new in the code'],
    [orphans.length, 'left over'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  return `${told.length === 0 ? 'no drift' : told.join(', ')} on ${count(Object.keys(outcome.totals).length, 'host')}`;
}
