import type { PackageChange } from '../../model/change.js';
import { hostList } from '../hostNames.js';
import { packageRow } from '../packages.js';
import type { RunRecord } from '../record.js';
import { html, type Markup } from './markup.js';

/** All packages of a run with their versions; one that becomes the same on several hosts is one row. */
export function packageTable({ plays, start }: RunRecord): Markup | undefined {
  const rows = new Map<string, { readonly change: PackageChange; readonly hosts: Set<string> }>();
  for (const { hosts, changes } of plays.flatMap(({ tasks }) => tasks)) {
    for (const change of changes.flatMap(({ packages = [] }) => packages)) {
      const key = JSON.stringify([change.name, change.from, change.to]);
      const row = rows.get(key) ?? { change, hosts: new Set() };
      rows.set(key, row);
      for (const host of hosts) row.hosts.add(host);
    }
  }
  if (rows.size === 0) return undefined;
  const sorted = [...rows.values()].sort((a, b) => a.change.name.localeCompare(b.change.name, 'en'));
  const inOrder = (hosts: ReadonlySet<string>) => start.hosts.filter((host) => hosts.has(host));
  return html`<section>
    <h2>Packages</h2>
    ${versionTable(sorted.map(({ change, hosts }) => ({ change, hosts: hostList(inOrder(hosts), start.hosts.length) })))}
  </section>`;
}

/** Packages as a table of versions, with their hosts where those are given. */
export function versionTable(rows: readonly { readonly change: PackageChange; readonly hosts?: string }[]): Markup {
  const withHosts = rows.some(({ hosts }) => hosts !== undefined);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Packages">
    <table class="packages">
      <thead>
        <tr>
          <th scope="col">Package</th>
          <th scope="col">Now</th>
          <th scope="col">Then</th>
          ${withHosts ? html`<th scope="col">Hosts</th>` : undefined}
        </tr>
      </thead>
      <tbody>
        ${rows.map(({ change, hosts }) => {
          const { name, from, to } = packageRow(change);
          return html`<tr>
            <th scope="row">${name}</th>
            <td>${from}</td>
            <td class="${change.to === undefined ? 'gone' : 'to'}">${to}</td>
            ${hosts === undefined ? undefined : html`<td class="on">${hosts}</td>`}
          </tr> `;
        })}
      </tbody>
    </table>
  </div>`;
}
