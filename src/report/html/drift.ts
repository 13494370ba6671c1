import type { RunEvent } from '../../model/event.js';
import { CAUSES, type ShownDrift } from '../driftText.js';
import type { HtmlPage } from './withHtml.js';

/** Tells a drift on a page: the dry run that found it, each change with its cause, and what is left over. */
export async function writeDrift(page: HtmlPage, drift: Omit<ShownDrift, 'outcome'>, events: readonly RunEvent[]): Promise<void> {
  const run = page.add('Drift');
  const causes = new Map(drift.entries.map((entry) => [keyOf(entry), CAUSES[entry.cause]]));
  for (const event of events) run.add(event, event.type === 'task' ? causes.get(keyOf(event)) : undefined);
  for (const { host, topic, task } of drift.orphans)
    run.add({ type: 'note', host, text: `left over: ${topic}, made by ${task}` });
  for (const host of drift.withoutJournal) {
    run.add({ type: 'note', host, text: 'has no journal: no run of this playbook has ended there yet' });
  }
  await page.write();
}

function keyOf({ host, play, id }: Pick<ShownDrift['entries'][number], 'host' | 'play' | 'id'>): string {
  return JSON.stringify([host, play, id]);
}
