import { chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { chart } from '../growth/chart.js';
import { growths } from '../growth/curves.js';
import { resultsFile, resultsText, type Results } from '../results.js';
import { workloads } from '../workloads/all.js';
import { overview, type Row } from './overview.js';
import { growthPart, rowPart, summaryPart } from './parts.js';
import { withoutPlace, withPart } from './place.js';

const SUMMARY = 'summary';
const GROWTH = 'growth';

const pageOf = (root: string): string => join(root, 'docs/performance.md');
const order = workloads.map(({ name }) => name);

/** @throws Error where the page lacks a place for something that is measured */
export async function checkPlaces(root: string): Promise<void> {
  const page = pageOf(root);
  const missing = withoutPlace(await readFile(page, 'utf8'), [SUMMARY, ...order, GROWTH]);
  if (missing.length > 0) throw new Error(`${page} has no place for ${missing.join(', ')}`);
}

/**
 * Writes all that is known: the page, its charts and the measured values. After each measurement: a later one that fails
 * takes nothing away.
 */
export async function publish(root: string, measured: Results, missing: readonly string[]): Promise<void> {
  const text = resultsText(measured);
  const results = JSON.parse(text) as Results; // the digits that are kept: so a chart is the same the next time
  await put(resultsFile(root), text, 'json');
  for (const [name, curve] of Object.entries(results.curves))
    await put(join(root, 'docs/performance', `${name}.svg`), chart(curve));
  await put(join(root, 'docs/performance/workloads.svg'), overview(known(results)));
  let page = await readFile(pageOf(root), 'utf8');
  for (const name of order) {
    const result = results.rows[name];
    if (result !== undefined) page = withPart(page, name, rowPart(name, result));
  }
  page = withPart(page, SUMMARY, summaryPart(results, order, missing));
  page = withPart(
    page,
    GROWTH,
    growthPart(
      results,
      growths.map(({ name }) => name),
    ),
  );
  await put(pageOf(root), page, 'markdown');
}

function known({ rows }: Results): readonly Row[] {
  return order.flatMap((name) => {
    const result = rows[name];
    return result === undefined ? [] : [{ name, result }];
  });
}

/** Writes a file of the project; it belongs to whoever has the folder, also where root writes it. */
async function put(file: string, text: string, parser?: 'json' | 'markdown'): Promise<void> {
  const folder = dirname(file);
  const above = await stat(dirname(folder));
  if ((await mkdir(folder, { recursive: true })) !== undefined) await chown(folder, above.uid, above.gid);
  const config = await resolveConfig(file);
  await writeFile(file, parser === undefined ? text : await format(text, { ...config, parser }));
  await chown(file, above.uid, above.gid);
}
