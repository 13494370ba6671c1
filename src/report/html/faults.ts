import { hostList } from '../hostNames.js';
import type { RunRecord } from '../record.js';
import { oneLine } from '../text.js';
import type { PageContext } from './context.js';
import { faultBody } from './fault.js';
import { html, type Markup } from './markup.js';
import { taskId } from './task.js';

/** What went wrong, on top: hosts that were not reached, and tasks that failed, which link to their places. */
export function faultList({ plays, unreachable }: RunRecord, { prefix, hosts }: PageContext): Markup | undefined {
  const failed = plays.flatMap(({ tasks }, play) =>
    tasks.flatMap((task, index) => (task.status === 'failed' ? [{ task, id: taskId(`${prefix}-${play}`, index) }] : [])),
  );
  if (failed.length + unreachable.length === 0) return undefined;
  return html`<section class="faults" aria-labelledby="${prefix}-faults">
    <h2 id="${prefix}-faults">What went wrong</h2>
    <ul>
      ${unreachable.map(({ host, fault }) => html`<li><b>${host}</b> is unreachable${faultBody(fault)}</li>`)}
      ${failed.map(
        ({ task, id }) =>
          html`<li>
            <b>${hostList(task.hosts, hosts.length)}</b>: <a href="#${id}">${oneLine(task.task)}</a>
            <div class="fault"><p class="message">${oneLine(task.fault?.message ?? 'failed')}</p></div>
          </li>`,
      )}
    </ul>
  </section>`;
}
