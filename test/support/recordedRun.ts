import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/model/event.js';
import { packageRoot } from '../../src/util/packageRoot.js';

/**
 * The events of a real run, as `--output json` wrote them: `bare`, the site's dry run on three bare hosts, or `drift`,
 * the same on built hosts where somebody has edited files, removed a package and stopped services.
 */
export function recordedRun(name: 'bare' | 'drift'): readonly RunEvent[] {
  return readFileSync(join(packageRoot(), 'test/fixtures/report', `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}
