import type { HostProfile, Profile } from '../../model/profile.js';
import { count } from '../text.js';
import { pad } from '../width.js';
import { spread } from './hosts.js';

/** A profile for a person: the program's parts, the phases of hosts, what went over the wire, the slowest host's way. */
export function profileLines(profile: Profile): readonly string[] {
  const { hosts } = profile;
  return [
    `PROFILE ${seconds(profile.seconds)}, processor ${seconds(profile.cpu)}, memory ${bytes(profile.memoryBytes)}`,
    ...columns(
      profile.program.map(({ part, seconds: took }) => [
        part,
        seconds(took),
        part === 'hosts'
          ? `of it the program at work ${seconds(profile.busy)} (report ${seconds(profile.report)}), waiting for hosts ${seconds(profile.idle)}`
          : '',
      ]),
    ),
    ...(hosts.length === 0 ? [] : ['', ...hostLines(profile, hosts)]),
  ];
}

function hostLines(profile: Profile, hosts: readonly HostProfile[]): readonly string[] {
  const row = (name: string, values: readonly number[], text: (value: number) => string): readonly string[][] => {
    const { min, median, max } = spread(values);
    return values.length === 0 ? [] : [[name, text(min), text(median), text(max), String(values.length)]];
  };
  return [
    ...columns([
      ['a host', 'least', 'median', 'most', 'hosts'],
      ...profile.phases.map(({ phase, hosts: number, min, median, max }) => [
        phase,
        ...[min, median, max].map(seconds),
        String(number),
      ]),
      ...row(
        'in all',
        hosts.map((host) => host.seconds),
        seconds,
      ),
      ...row(
        'exchanges',
        hosts.map(({ exchanges }) => exchanges),
        String,
      ),
      ...row(
        'channels',
        hosts.map(({ channels }) => channels),
        String,
      ),
      ...row(
        'sent',
        hosts.flatMap(({ bytesSent }) => bytesSent ?? []),
        bytes,
      ),
      ...row(
        'received',
        hosts.flatMap(({ bytesReceived }) => bytesReceived ?? []),
        bytes,
      ),
    ]),
    ...(profile.slowest === undefined ? [] : ['', ...slowestLines(profile.slowest, hosts.length)]),
  ];
}

/** Shorter stretches are not worth a line. */
const SHORTEST_SECONDS = 0.001;

function slowestLines({ host, path }: NonNullable<Profile['slowest']>, hosts: number): readonly string[] {
  const shown = path.filter((stretch) => stretch.seconds >= SHORTEST_SECONDS);
  const name = hosts === 1 ? host : `${host}, the slowest of ${count(hosts, 'host')}`;
  return [name, ...columns(shown.map(({ phase, at, seconds: took }) => [`  at ${seconds(at)}`, seconds(took), phase]))];
}

/** Cells in columns: the first and last to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => (row[index] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        const left = index === 0 || (index === row.length - 1 && row.length === 3);
        return left ? pad(cell, width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

function seconds(value: number): string {
  return value < 10 ? `${value.toFixed(3)} s` : `${value.toFixed(1)} s`;
}

function bytes(value: number): string {
  if (value < 10_000) return `${value} B`;
  return value < 10_000_000 ? `${Math.round(value / 1000)} KB` : `${Math.round(value / 1_000_000)} MB`;
}
