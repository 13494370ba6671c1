import type { Drift, DriftCause, DriftEntry, Orphan } from '../engine/journal/drift.js';
import { diffLines, taskSentence } from './changes.js';
import type { Colours, Paint } from './colours.js';
import { indent } from './fault.js';
import { count } from './text.js';
import { pad } from './width.js';

/** Why something drifted, in words. */
export const CAUSES: Readonly<Record<DriftCause, string>> = {
  host: 'changed by hand',
  code: 'the code changed',
  both: 'changed by hand, and the code changed',
  new: 'new in the code',
};

/** What drifted for a person: a line a task, its diff below, then what nothing names any more, and a sentence. */
export function driftLines(drift: Drift, { diff, colours }: { diff: boolean; colours: Colours }): readonly string[] {
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

function sentence({ id, known, changes }: DriftEntry): string {
  return taskSentence({ task: id, status: known ? 'changed' : 'unknown', changes });
}

function summaryOf(entries: readonly DriftEntry[], orphans: readonly Orphan[], { outcome }: Drift): string {
  const of = (...causes: readonly DriftCause[]) => entries.filter(({ cause }) => causes.includes(cause)).length;
  const parts = [
    [of('host', 'both'), 'changed by hand'],
    [of('code', 'both'), 'for the code changed'],
    [of('new'), 'new in the code'],
    [orphans.length, 'left over'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  return `${told.length === 0 ? 'no drift' : told.join(', ')} on ${count(Object.keys(outcome.totals).length, 'host')}`;
}
