import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/util/packageRoot.js';
import type { Page } from './markdown.js';

/** docs/site.svg: what `provision graph` draws of the example inventory. */
export function sitePicture(): Page {
  const root = packageRoot();
  const folder = mkdtempSync(join(tmpdir(), 'provision-docs-'));
  try {
    const file = join(folder, 'site.svg');
    const argv = [join(root, 'dist/cli/main.cjs'), 'graph', '-i', 'prod.yml', '--out', file];
    const { status, stderr } = spawnSync(process.execPath, argv, { cwd: root, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the site cannot be drawn: ${stderr}`);
    return { path: 'docs/site.svg', text: readFileSync(file, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
