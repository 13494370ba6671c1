import type { Profile, ProgramPart, Stretch } from '../../model/profile.js';
import type { Count, Timed } from '../../util/timing.js';
import { hostProfile, pathOf, phaseProfiles, timesByHost } from './hosts.js';

/** What is known of the process itself. Times are in milliseconds since it began. */
export interface ProcessFigures {
  /** When Node.js was up. */
  readonly started: number;
  /** When the command began: its line is parsed, its modules are there. */
  readonly loaded: number;
  readonly ended: number;
  /** How much of the time since `loaded` the program was at work, from 0 to 1. */
  readonly utilization: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** Sums up what was measured of a run. */
export function profileOf(times: readonly Timed[], counts: readonly Count[], figures: ProcessFigures): Profile {
  const own = (phase: Timed['phase']): number =>
    times.reduce((sum, one) => (one.host === undefined && one.phase === phase ? sum + (one.end - one.begin) : sum), 0) / 1000;
  const before: readonly { part: ProgramPart; seconds: number }[] = [
    { part: 'start', seconds: figures.started / 1000 },
    { part: 'loading', seconds: (figures.loaded - figures.started) / 1000 },
    ...(['inventory', 'playbook', 'preflight'] as const).map((part) => ({ part, seconds: own(part) })),
  ];
  const all = figures.ended / 1000;
  const withHosts = before.reduce((left, { seconds }) => left - seconds, all);
  const countsOf = countsByHost(counts);
  const paths = [...timesByHost(times)].map(([host, measured]) => ({ host, path: pathOf(measured) }));
  const hosts = paths.map(({ host, path }) => hostProfile(host, path, countsOf.get(host) ?? []));
  const idle = Math.min(withHosts, ((figures.ended - figures.loaded) / 1000) * (1 - figures.utilization));
  return {
    seconds: all,
    program: [...before.filter(({ seconds }) => seconds > 0), { part: 'hosts', seconds: withHosts }],
    busy: withHosts - idle,
    idle,
    report: own('report'),
    cpu: figures.cpuSeconds,
    memoryBytes: figures.memoryBytes,
    phases: phaseProfiles(hosts),
    hosts,
    slowest: slowestOf(paths),
  };
}

function countsByHost(counts: readonly Count[]): ReadonlyMap<string, readonly Count[]> {
  const hosts = new Map<string, Count[]>();
  for (const count of counts) {
    const same = hosts.get(count.host) ?? [];
    same.push(count);
    hosts.set(count.host, same);
  }
  return hosts;
}

/** The host that was through last: the others did not hold up the run. */
function slowestOf(paths: readonly { readonly host: string; readonly path: readonly Stretch[] }[]): Profile['slowest'] {
  const end = (path: readonly Stretch[]): number => (path.at(-1)?.at ?? 0) + (path.at(-1)?.seconds ?? 0);
  return paths.reduce<Profile['slowest']>((late, one) => (late && end(late.path) >= end(one.path) ? late : one), undefined);
}
