import { expect } from 'chai';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { packageRoot } from '../../src/util/packageRoot.js';
import { cli, project } from '../support/cli.js';

describe('cli: graph', () => {
  let cwd: string;
  before(() => {
    cwd = project({
      'bare.ts': `import { z } from 'zod';\nimport { playbook } from 'provision/playbook';\nexport default playbook({ vars: z.object({}), groups: [], plays: [] });\n`,
      'inventory.yml': 'all:\n  hosts:\n    one:\n',
    });
  });
  after(() => {
    rmSync(cwd, { recursive: true });
  });

  it('draws the example site without its secrets, and without a host being there', async () => {
    const file = join(cwd, 'site.svg');
    const drawn = await cli(['graph', '-i', 'prod.yml', '--out', file], { cwd: packageRoot() });
    expect(drawn).to.deep.equal({ code: 0, stdout: `${file}\n`, stderr: '' });
    const svg = readFileSync(file, 'utf8');
    for (const name of ['lb-01', 'web-01', 'web-02', 'HAProxy', 'Nginx', 'primary', 'red: nothing stands in for it']) {
      expect(svg).to.include(`>${name}</text>`);
    }
    const dot = await cli(['graph', '-i', 'prod.yml'], { cwd: packageRoot() });
    expect(dot.stdout)
      .to.match(/^digraph site \{/)
      .and.include('lb_01__haproxy -> web_02__nginx');
  });

  it('writes PNG for where SVG cannot be used', async () => {
    const file = join(cwd, 'site.png');
    expect((await cli(['graph', '-i', 'prod.yml', '--out', file], { cwd: packageRoot() })).code).to.equal(0);
    const { format, width, height, hasAlpha } = await sharp(file).metadata();
    expect({ format, hasAlpha }).to.deep.equal({ format: 'png', hasAlpha: false });
    expect(Math.min(width, height)).to.be.greaterThan(400);
    const { channels } = await sharp(file).stats();
    // Not a blank page: there is black and white in it.
    expect(channels.map(({ min, max }) => max - min > 200)).to.deep.equal([true, true, true]);
  });

  it('says what to do where a playbook tells of no services, and where the format is none', async () => {
    const bare = await cli(['graph', 'bare.ts', '-i', 'inventory.yml'], { cwd });
    expect(bare.code).to.equal(4);
    expect(bare.stderr).to.include('bare.ts does not tell what its hosts offer').and.include('services: (of) =>');
    const odd = await cli(['graph', '-i', 'prod.yml', '--out', 'site.gif'], { cwd: packageRoot() });
    expect(odd.code).to.equal(4);
    expect(odd.stderr).to.include('--out site.gif').and.include('.dot, .mmd, .png, .svg');
  });
});
