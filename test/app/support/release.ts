import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The root of the checkout, seen from the sources as from the compiled tests. */
export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Builds a release into a folder. */
export async function buildRelease(folder: string): Promise<void> {
  await run(process.execPath, [join(ROOT, 'playbooks/app/build.mjs'), folder]);
}

/** A folder of its own outside the checkout, removed when the tests end: no module of the checkout can be found from it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'app-test-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

let built: Promise<string> | undefined;

/** The folder of a release that was built for these tests, once. */
export function release(): Promise<string> {
  built ??= (async () => {
    const folder = join(temporaryFolder(), 'release');
    await buildRelease(folder);
    return folder;
  })();
  return built;
}

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}
