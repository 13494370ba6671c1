import type { RunRecord } from '../record.js';
import { statusTitle } from '../status.js';
import type { PageContext } from './context.js';
import { html, type Markup } from './markup.js';

const STATUSES = ['changed', 'unknown', 'failed'] as const;

/** Chooses what is shown, by host and status. Hidden until the script, which does it, shows it. */
export function filterForm({ plays, start }: RunRecord, { prefix, dryRun }: PageContext): Markup {
  const present = STATUSES.filter((status) => plays.some(({ tasks }) => tasks.some((task) => task.status === status)));
  return html`<form class="filter" hidden>
    <label for="${prefix}-host">Host</label>
    <select id="${prefix}-host" name="host">
      <option value="">all ${start.hosts.length}</option>
      ${start.hosts.map((host, place) => html`<option value="${place}">${host}</option>`)}
    </select>
    <fieldset>
      <legend>Show</legend>
      ${present.map(
        (status) =>
          html`<label><input type="checkbox" name="status" value="${status}" checked /> ${statusTitle(status, dryRun)}</label> `,
      )}
    </fieldset>
    <button type="button" name="open">Unfold all</button>
    <button type="button" name="close">Fold all</button>
    <output aria-live="polite"></output>
  </form>`;
}
