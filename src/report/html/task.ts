import { shownDiffs, taskWords } from '../changes.js';
import type { FoldedTask } from '../fold.js';
import { hostList } from '../hostNames.js';
import { statusWord } from '../status.js';
import { count, oneLine } from '../text.js';
import type { DiffLine } from '../unified.js';
import { hostPlaces, type PageContext } from './context.js';
import { faultBody } from './fault.js';
import { html, type Markup } from './markup.js';
import { versionTable } from './packages.js';

/** Diffs up to this many lines are shown unfolded where a run is short. */
const SHORT_DIFF = 60;

/** The id of a play's task, for links. */
export function taskId(prefix: string, index: number): string {
  return `${prefix}-${index}`;
}

/** A task that changes, failed, or is known after apply: on one line, with all that there is to it folded below. */
export function taskEntry(folded: FoldedTask, index: number, context: PageContext): Markup {
  const { status, task, hosts, changes, because, fault, label } = folded;
  const names = hostList(hosts);
  const words = taskWords(folded, { table: true });
  const attributes = html`class="task ${status}" id="${taskId(context.prefix, index)}" data-status="${status}"
  data-hosts="${hostPlaces(hosts, context)}"`;
  const line = html`<span class="status">${statusWord(status, context.dryRun)}</span>
    <span class="what"><b>${oneLine(task)}</b>${words === '' ? undefined : html` <span class="words">${words}</span>`}</span>
    ${label === undefined ? undefined : html`<span class="label">${label}</span>`}
    <span class="on">${names}</span>`;
  const packages = changes.flatMap((change) => change.packages ?? []);
  const diffs = shownDiffs(changes);
  const parts = [
    ...(names === hosts.join(', ') ? [] : [html`<p>On ${count(hosts.length, 'host')}: ${hosts.join(', ')}</p>`]),
    ...(because.length === 0 ? [] : [reasons(because)]),
    ...(packages.length === 0 ? [] : [versionTable(packages.map((change) => ({ change })))]),
    ...diffs.map((diff) => diffBlock(diff, diffs.length > 1)),
    ...(fault === undefined ? [] : [faultBody(fault)]),
  ];
  if (parts.length === 0) return html`<div ${attributes}><div class="line">${line}</div></div> `;
  const long = diffs.reduce((sum, { lines }) => sum + lines.length, 0) > SHORT_DIFF;
  const open = status === 'failed' || (context.open && !long) ? html`open` : undefined;
  return html`<details ${attributes} ${open}>
    <summary class="line">${line}</summary>
    <div class="body">${parts}</div>
  </details> `;
}

function diffBlock({ summary, lines }: ReturnType<typeof shownDiffs>[number], named: boolean): Markup {
  if (lines.length === 0) return html`<p class="part">${summary}</p>`;
  return html`${named ? html`<p class="part">${summary}</p>` : undefined}
    <pre class="diff" tabindex="0" role="region" aria-label="Diff: ${summary}">${lines.map(diffLine)}</pre>`;
}

/** Each line is an element of its own, with its line break in it, so that a copied diff is one that `patch` takes. */
function diffLine({ kind, text }: DiffLine): Markup {
  const line = `${text}\n`;
  switch (kind) {
    case 'added':
      return html`<ins>${line}</ins>`;
    case 'removed':
      return html`<del>${line}</del>`;
    case 'same':
    case 'hunk':
    case 'note':
      return html`<span class="${kind}">${line}</span>`;
  }
}

function reasons(because: readonly string[]): Markup {
  const [only, ...more] = because;
  if (more.length === 0) return html`<p>Depends on <b>${oneLine(only ?? '')}</b>, which changes first.</p>`;
  return html`<p>Depends on these, which change first:</p>
    <ul>
      ${because.map((one) => html`<li>${oneLine(one)}</li>`)}
    </ul>`;
}
