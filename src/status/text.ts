import type { Colours } from '../report/colours.js';
import { count, duration, oneLine } from '../report/text.js';
import { pad } from '../report/width.js';
import { isWell, wordOf, type Database, type SiteStatus } from './site.js';

/** A table's cell, and whether all is well with it. */
interface Cell {
  readonly text: string;
  readonly well?: boolean;
}

const cell = (text: string, well?: boolean): Cell => (well === undefined ? { text } : { text, well });

/**
 * A site's status as a screen of text.
 * @param now the time that ages are counted to, in milliseconds
 */
export function statusText(site: SiteStatus, colours: Colours, now: number): string {
  const sections = [
    section(
      'Virtual address',
      site.virtual.map(({ address, holders }) => [cell(address), cell(holders.join(', ') || 'nobody', holders.length === 1)]),
    ),
    ...balancerSections(site),
    section('Databases', site.databases.map(databaseRow)),
    section(
      'Certificates',
      site.certificates.map(({ host, name, path, days }) => [
        cell(host),
        cell(days < 0 ? 'ended' : count(days, 'day'), days >= 14),
        cell(name),
        cell(path),
      ]),
    ),
    site.monitors.length === 0
      ? undefined
      : section(
          'Alerts',
          site.alerts.length === 0
            ? [[cell('none', true), cell(`says ${site.monitors.join(', ')}`)]]
            : site.alerts.map((alert) => [
                cell(alert.severity, alert.suppressed),
                cell(alert.name),
                cell(alert.summary),
                cell(`for ${duration((now - Date.parse(alert.since)) / 1000)}${alert.suppressed ? ', nobody is told' : ''}`),
              ]),
        ),
    section(
      'Failed units',
      site.failed.map(({ host, unit }) => [cell(host), cell(unit, false)]),
    ),
  ];
  const paint = ({ text, well }: Cell, width: number) => {
    const padded = pad(text, width);
    return well === undefined ? padded : (well ? colours.green : colours.red)(padded);
  };
  const blocks = sections.flatMap((one) => {
    if (one === undefined || one.rows.length === 0) return [];
    // Rows may differ in length: each column is as wide as its widest cell.
    const wide = Array.from({ length: Math.max(...one.rows.map((row) => row.length)) }, (_, index) =>
      Math.max(...one.rows.map((row) => row[index]?.text.length ?? 0)),
    );
    const lines = one.rows.map((row) => `  ${row.map((each, index) => paint(each, wide[index] ?? 0)).join('  ')}`.trimEnd());
    return [[colours.bold(one.title), ...lines].join('\n')];
  });
  return `${[...blocks, verdict(site, colours)].join('\n\n')}\n`;
}

function section(title: string, rows: readonly (readonly Cell[])[]) {
  return { title, rows: rows.map((row) => row.map((one) => ({ ...one, text: oneLine(one.text) }))) };
}

/** A table a backend: a row a server, a column a load balancer. */
function balancerSections(site: SiteStatus) {
  const pairs = site.balancers.flatMap(({ servers = [] }) => servers.map(({ backend, server }) => ({ backend, server })));
  const backends = [...new Set(pairs.map(({ backend }) => backend))];
  return backends.map((backend) => {
    const servers = [...new Set(pairs.filter((one) => one.backend === backend).map(({ server }) => server))];
    return section(`Backend ${backend}`, [
      [cell(''), ...site.balancers.map(({ host }) => cell(host))],
      ...servers.map((server) => [
        cell(server),
        ...site.balancers.map(({ servers: own }) => {
          const state = own?.find((one) => one.backend === backend && one.server === server);
          if (state === undefined) return cell(own === undefined ? 'no answer' : '-', own !== undefined);
          return cell(`${wordOf(state)}, weight ${state.weight}, ${count(state.sessions, 'session')}`, isWell(state));
        }),
      ]),
    ]);
  });
}

function databaseRow({ host, role, server, source, replicating, secondsBehind, semiSync }: Database): readonly Cell[] {
  const lag = secondsBehind === undefined ? 'lag unknown' : `${secondsBehind} s behind`;
  const words: Readonly<Record<Database['role'], string>> = {
    primary:
      semiSync === undefined
        ? 'takes writes'
        : `takes writes, ${semiSync.active ? `commits wait for a replica (${semiSync.clients} there)` : 'commits wait for no replica'}`,
    replica: `of ${source ?? ''}, ${replicating === true ? lag : 'stopped'}`,
    'read-only': 'follows nobody',
    stopped: 'does not answer',
  };
  const well = role === 'primary' || (role === 'replica' && replicating === true);
  return [cell(host), cell(role, well), cell(server), cell(words[role])];
}

function verdict({ hosts, unreachable, problems }: SiteStatus, colours: Colours): string {
  const reached = `${hosts - unreachable.length} of ${count(hosts, 'host')} reached`;
  if (problems.length === 0) return colours.green(`all is well: ${reached}`);
  return [
    colours.red(`${count(problems.length, 'problem')}, ${reached}`),
    ...problems.map((problem) => `  ${oneLine(problem)}`),
  ].join('\n');
}
