import type { HostProfile, PhaseProfile, Stretch } from '../../model/profile.js';
import type { Count, Timed } from '../../util/timing.js';

type HostTimed = Timed & { readonly host: string; readonly phase: Exclude<Stretch['phase'], 'waiting'> };

/**
 * A host's way through the run: stretches that follow each other without a gap. Where measurements overlap (a read opens
 * a connection), the one begun last counts, as it is what the other waits for; gaps are waiting.
 */
export function pathOf(times: readonly HostTimed[]): readonly Stretch[] {
  const moments = [...new Set(times.flatMap(({ begin, end }) => [begin, end]))].sort((a, b) => a - b);
  const path: Stretch[] = [];
  for (const [index, begin] of moments.entries()) {
    const end = moments[index + 1];
    if (end === undefined) break;
    const active = times.filter((one) => one.begin <= begin && one.end >= end);
    const phase = active.reduce<HostTimed | undefined>((late, one) => (late && late.begin > one.begin ? late : one), undefined);
    const last = path.at(-1);
    const seconds = (end - begin) / 1000;
    if (last?.phase === (phase?.phase ?? 'waiting')) path[path.length - 1] = { ...last, seconds: last.seconds + seconds };
    else path.push({ phase: phase?.phase ?? 'waiting', at: begin / 1000, seconds });
  }
  return path;
}

/** What each host was measured to do, by its name, in the order of their first measurement. */
export function timesByHost(times: readonly Timed[]): ReadonlyMap<string, readonly HostTimed[]> {
  const hosts = new Map<string, HostTimed[]>();
  for (const one of times) {
    if (one.host === undefined) continue;
    const same = hosts.get(one.host) ?? [];
    same.push(one as HostTimed);
    hosts.set(one.host, same);
  }
  return hosts;
}

/** A host's time by phase, and what was counted of it. */
export function hostProfile(host: string, path: readonly Stretch[], counts: readonly Count[]): HostProfile {
  const phases: Partial<Record<Stretch['phase'], number>> = {};
  for (const { phase, seconds } of path) phases[phase] = (phases[phase] ?? 0) + seconds;
  const sum = (what: Count['what']): number =>
    counts.reduce((total, count) => (count.what === what ? total + count.amount : total), 0);
  const bytes = counts.some(({ what }) => what === 'bytesSent');
  return {
    host,
    seconds: path.reduce((total, { seconds }) => total + seconds, 0),
    phases,
    exchanges: sum('exchanges'),
    channels: sum('channels'),
    ...(bytes ? { bytesSent: sum('bytesSent'), bytesReceived: sum('bytesReceived') } : {}),
  };
}

const ORDER: readonly Stretch['phase'][] = [
  'settings',
  'connect',
  'key exchange',
  'authentication',
  'shell',
  'read',
  'plan',
  'apply',
  'verify',
  'waiting',
];

/** Each phase over the hosts that had it. */
export function phaseProfiles(hosts: readonly HostProfile[]): readonly PhaseProfile[] {
  return ORDER.flatMap((phase) => {
    const seconds = hosts.flatMap(({ phases }) => phases[phase] ?? []);
    return seconds.length === 0 ? [] : [{ phase, hosts: seconds.length, ...spread(seconds) }];
  });
}

/** The least, the middle one and the most. Zeros where there is nothing. */
export function spread(values: readonly number[]): { readonly min: number; readonly median: number; readonly max: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0] ?? 0, median: sorted[Math.floor((sorted.length - 1) / 2)] ?? 0, max: sorted.at(-1) ?? 0 };
}
