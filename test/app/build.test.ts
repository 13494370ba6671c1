import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { buildRelease, release, ROOT, temporaryFolder } from './support/release.js';

/** A folder's files by path. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths
    .sort()
    .map(async (path): Promise<[string, string]> => [path.slice(folder.length + 1), await readFile(path, 'utf8')]);
  return Object.fromEntries(await Promise.all(files));
}

describe('the release of the application', function () {
  this.timeout(20_000);

  it('holds the server, its static files and the licences of its modules', async () => {
    const files = await contents(await release());
    expect(Object.keys(files)).to.deep.equal(['LICENSES.txt', 'public/robots.txt', 'public/static/icon.svg', 'server.js']);
    expect(files['LICENSES.txt']).to.match(/^mysql2 \d+\.\d+\.\d+ \(MIT\)$/m);
  });

  it("requires nothing but Node's own modules", async () => {
    const code = await readFile(join(await release(), 'server.js'), 'utf8');
    const required = [...code.matchAll(/\brequire\("([^"]+)"\)/g)].map((match) => (match[1] ?? '').replace(/^node:/, ''));
    expect(required).to.include('http');
    // timers/promises and its like are subpaths of what is listed, or listed themselves.
    expect([...new Set(required)].filter((name) => !builtinModules.includes(name))).to.deep.equal([]);
  });

  it('is the same, byte for byte, when it is built again, over an old one, and in another checkout', async () => {
    const first = await contents(await release());
    const again = join(temporaryFolder(), 'again');
    await buildRelease(again);
    await buildRelease(again);
    expect(await contents(again)).to.deep.equal(first);

    const checkout = temporaryFolder();
    await cp(join(ROOT, 'playbooks/app'), join(checkout, 'playbooks/app'), { recursive: true });
    for (const name of ['package.json', 'tsconfig.json']) await cp(join(ROOT, name), join(checkout, name));
    await mkdir(join(checkout, 'node_modules'));
    await symlink(join(ROOT, 'node_modules/esbuild'), join(checkout, 'node_modules/esbuild'));
    // The bundled modules are copied: a link would lead to where they are now.
    for (const [, name = ''] of (first['LICENSES.txt'] ?? '').matchAll(/^(\S+) \d\S* \(/gm)) {
      await cp(join(ROOT, 'node_modules', name), join(checkout, 'node_modules', name), { recursive: true });
    }
    await promisify(execFile)(process.execPath, [join(checkout, 'playbooks/app/build.mjs')]);
    expect(await contents(join(checkout, 'dist/app'))).to.deep.equal(first);
  });
});
