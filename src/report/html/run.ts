import { summaryParts } from '../recap.js';
import type { RunRecord } from '../record.js';
import { count, duration, oneLine, shownPosition } from '../text.js';
import { faultList } from './faults.js';
import { filterForm } from './filter.js';
import { hostTable } from './hosts.js';
import { html, type Markup, type Piece } from './markup.js';
import { packageTable } from './packages.js';
import { playSection } from './play.js';

/** What a run was, in a few words: `Dry run of playbooks/site.ts: 12 to change on 3 hosts`. */
export function runTitle(run: RunRecord): string {
  return `${run.kind} of ${shownPosition({ file: run.start.playbook })}: ${outcome(run)}`;
}

/** A run as a part of a page; `index` tells its ids from those of other runs. */
export function runArticle(run: RunRecord, index: number): Markup {
  const { start, plays, notes, end } = run;
  const context = { dryRun: start.dryRun, hosts: start.hosts, prefix: `r${index}`, open: isShort(run) };
  const facts = [
    html`<b>${run.kind}</b>`,
    html`<code>${shownPosition({ file: start.playbook })}</code>`,
    html`<code>${shownPosition({ file: start.inventory })}</code>`,
    count(start.hosts.length, 'host'),
    ...(end === undefined ? [] : [duration(end.seconds)]),
  ];
  return html`<article id="${context.prefix}">
    <header>
      <p class="facts">${facts.map((fact) => html`<span>${fact}</span> `)}</p>
      <h1>${outcome(run)}</h1>
      ${remarks(run).map((remark) => html`<p class="remark">${remark}</p>`)}
    </header>
    ${faultList(run, context)} ${hostTable(run, context)}
    <section class="changes" aria-labelledby="${context.prefix}-changes">
      <h2 id="${context.prefix}-changes">${start.dryRun ? 'What would change' : 'What changed'}</h2>
      ${filterForm(run, context)}
      ${plays.map((play, number) => playSection(play, { ...context, prefix: `${context.prefix}-${number}` }))}
    </section>
    ${packageTable(run)} ${notes.length === 0 ? undefined : noteList(notes)}
  </article> `;
}

function outcome({ start, end }: RunRecord): string {
  return end === undefined ? 'it broke off' : summaryParts(end, start.dryRun).join(', ');
}

function remarks({ start, end }: RunRecord): readonly Piece[] {
  return [
    ...(start.dryRun ? ['Nothing was changed by this run.'] : []),
    ...(end === undefined ? ['The run did not come to its end: what is told here is not all.'] : []),
    ...(end?.interrupted === true ? ['Somebody interrupted it: what is told here is not all.'] : []),
  ];
}

function noteList(notes: RunRecord['notes']): Markup {
  return html`<section>
    <h2>Notes</h2>
    <ul>
      ${notes.map(({ host, text }) => html`<li>${host === undefined ? undefined : html`<b>${host}</b>: `}${oneLine(text)}</li>`)}
    </ul>
  </section>`;
}

/** Changes of a small run are shown unfolded: there is nothing to be lost among. */
function isShort({ plays }: RunRecord): boolean {
  const tasks = plays.flatMap((play) => play.tasks);
  return tasks.filter(({ changes, status }) => changes.length > 0 || status === 'failed').length <= 10;
}
