import type { HostTotals } from '../../model/event.js';
import type { RunRecord } from '../record.js';
import { statusTitle } from '../status.js';
import type { PageContext } from './context.js';
import { html, type Markup } from './markup.js';

const COLUMNS = ['changed', 'unknown', 'ok', 'skipped', 'failed', 'unreachable'] as const satisfies readonly (keyof HostTotals)[];
/** Shown even where no host has one. */
const ALWAYS: readonly string[] = ['changed', 'ok', 'failed'];

/** A row a host: how many of its tasks ended how. */
export function hostTable({ end }: RunRecord, { prefix, dryRun }: PageContext): Markup | undefined {
  if (end === undefined) return undefined;
  const totals = Object.entries(end.totals);
  const columns = COLUMNS.filter((column) => ALWAYS.includes(column) || totals.some(([, counts]) => counts[column] > 0));
  return html`<section aria-labelledby="${prefix}-hosts">
    <h2 id="${prefix}-hosts">Hosts</h2>
    <div class="scroll" tabindex="0" role="region" aria-labelledby="${prefix}-hosts">
      <table class="hosts">
        <thead>
          <tr>
            <th scope="col">Host</th>
            ${columns.map((column) => html`<th scope="col">${statusTitle(column, dryRun)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${totals.map(
            ([host, counts]) =>
              html`<tr>
                <th scope="row">${host}</th>
                ${columns.map((column) => html`<td class="${counts[column] === 0 ? 'none' : column}">${counts[column]}</td>`)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
