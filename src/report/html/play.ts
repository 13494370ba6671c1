import type { FoldedTask } from '../fold.js';
import { hostList } from '../hostNames.js';
import type { PlayRecord } from '../record.js';
import { count, oneLine } from '../text.js';
import { hostPlaces, type PageContext } from './context.js';
import { html, type Markup } from './markup.js';
import { taskEntry } from './task.js';

/** A play: what changes or failed in its order, and behind it, folded, the tasks that had nothing to do. */
export function playSection({ name, hosts, tasks }: PlayRecord, context: PageContext): Markup {
  const { prefix } = context;
  const quiet = tasks.filter(isQuiet);
  if (quiet.length === tasks.length) return quietList(quiet, context, `${oneLine(name)}: `);
  return html`<section class="play" aria-labelledby="${prefix}">
    <h3 id="${prefix}">${oneLine(name)} <small>${count(hosts.length, 'host')}</small></h3>
    ${tasks.map((task, index) => (isQuiet(task) ? undefined : taskEntry(task, index, context)))}
    ${quiet.length === 0 ? undefined : quietList(quiet, context, '')}
  </section>`;
}

function isQuiet({ status }: FoldedTask): boolean {
  return status === 'ok' || status === 'skipped';
}

function quietList(tasks: readonly FoldedTask[], context: PageContext, begin: string): Markup {
  const total = tasks.reduce((sum, { hosts }) => sum + hosts.length, 0);
  const items = tasks.map(({ task, status, hosts }) => {
    const words = `${oneLine(task)}${status === 'skipped' ? ' (left out)' : ''}`;
    return html`<li data-hosts="${hostPlaces(hosts, context)}">${words} <span class="on">${hostList(hosts)}</span></li>`;
  });
  return html`<details class="quiet">
    <summary>${begin}${count(total, 'task')} with nothing to do</summary>
    <ul>
      ${items}
    </ul>
  </details>`;
}
