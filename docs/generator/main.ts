import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/util/packageRoot.js';
import { errorPage } from './errors.js';
import { GENERATED_FOLDERS, generatePages } from './pages.js';

/** Writes the generated pages, and removes those of kinds and roles that are gone. */
async function main(root: string): Promise<void> {
  const pages = [...(await generatePages(root)), await errorPage(root)];
  for (const { path, text } of pages) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${path}`);
  }
  const made = new Set(pages.map(({ path }) => path));
  for (const folder of GENERATED_FOLDERS) {
    for (const file of readdirSync(join(root, folder))) {
      if (made.has(`${folder}/${file}`)) continue;
      rmSync(join(root, folder, file));
      console.log(`removed ${folder}/${file}`);
    }
  }
}

await main(packageRoot());
