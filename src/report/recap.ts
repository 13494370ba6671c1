import type { HostTotals, RunEvent } from '../model/event.js';
import type { Colours, Paint } from './colours.js';
import { count, duration } from './text.js';
import { pad } from './width.js';

export type RunEnd = Extract<RunEvent, { type: 'run-end' }>;

/**
 * A line a host in Ansible's own form, its columns as wide as Ansible's: `ok` counts every task that went well, the
 * changed ones too. A dry run adds `unknown`, the tasks that an earlier change decides.
 */
export function recapLines(end: RunEnd, dryRun: boolean, colours: Colours): readonly string[] {
  const hosts = Object.keys(end.totals);
  const widest = Math.max(...hosts.map((host) => host.length), 0);
  return Object.entries(end.totals).map(([host, totals]) => {
    const columns = [
      column('ok', totals.ok + totals.changed, colours.green),
      column('changed', totals.changed, colours.yellow),
      column('unreachable', totals.unreachable, colours.red),
      column('failed', totals.failed, colours.red),
      column('skipped', totals.skipped, colours.cyan),
      ...(dryRun ? [column('unknown', totals.unknown, colours.magenta)] : []),
    ];
    return `${hostPaint(totals, colours)(pad(host, widest))} : ${columns.join(' ').trimEnd()}`;
  });
}

function column(name: string, value: number, paint: Paint): string {
  const text = pad(`${name}=${value}`, name.length + 5);
  return value === 0 ? text : paint(text);
}

function hostPaint(totals: HostTotals, colours: Colours): Paint {
  if (totals.failed + totals.unreachable > 0) return colours.red;
  return totals.changed + totals.unknown > 0 ? colours.yellow : colours.green;
}

/** The run in one sentence: `12 to change on 3 hosts, 2 known after apply (dry run, 1.2 s)`. */
export function summary(end: RunEnd, dryRun: boolean): string {
  const note = [...(dryRun ? ['dry run'] : []), ...(end.interrupted ? ['interrupted'] : []), duration(end.seconds)];
  return `${summaryParts(end, dryRun).join(', ')} (${note.join(', ')})`;
}

/** What became of the hosts, without how long it took: `12 to change on 3 hosts`, `2 known after apply`. */
export function summaryParts(end: RunEnd, dryRun: boolean): readonly string[] {
  const totals = Object.values(end.totals);
  const sum = (of: keyof HostTotals): number => totals.reduce((total, host) => total + host[of], 0);
  const changed = sum('changed');
  const on = totals.filter((host) => host.changed > 0).length;
  const parts: string[] = [];
  if (changed > 0) parts.push(`${changed} ${dryRun ? 'to change' : 'changed'} on ${count(on, 'host')}`);
  if (sum('unknown') > 0) parts.push(`${sum('unknown')} known after apply`);
  if (parts.length === 0) parts.push(`nothing ${dryRun ? 'to change' : 'changed'} on ${count(totals.length, 'host')}`);
  if (sum('failed') > 0) parts.push(`${sum('failed')} failed`);
  if (sum('unreachable') > 0) parts.push(`${count(sum('unreachable'), 'host')} unreachable`);
  return parts;
}
