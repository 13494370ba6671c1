import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rigArgv } from '../rig/asRoot.js';
import { processesOf } from '../rig/cgroup.js';
import { mountsBelow } from '../rig/mounts.js';
import { bridgeOf, tableOf } from '../rig/network.js';
import { rigDir, testRigPrefix } from '../rig/paths.js';
import { openRig, startRig } from '../rig/rig.js';
import { must, run } from '../rig/run.js';
import { readState } from '../rig/state.js';
import { waitFor } from '../rig/wait.js';

describe('a rig whose start was killed', function () {
  this.timeout(120_000);
  const name = `${testRigPrefix()}crash`;
  const inventory = join(rigDir(name), 'inventory', 'rig.yml');
  const asRoot: readonly string[] = process.getuid?.() === 0 ? [] : ['sudo'];

  before('have the base image', async function () {
    this.timeout(0);
    await (await startRig({ name })).stop();
  });

  afterEach('take it down, which leaves nothing', async () => {
    await must(rigArgv(['down', '--name', name]));
    expect(await traces()).to.deep.equal([]);
  });

  /** Starts a rig and kills that, with its children, as soon as a condition holds. */
  async function killWhen(what: string, holds: () => Promise<boolean>): Promise<void> {
    const [program, ...args] = rigArgv(['up', '--name', name, '--inventory', inventory]);
    const child = spawn(program, args, { detached: true, stdio: 'ignore' });
    const ended = once(child, 'close');
    await waitFor(what, 60_000, async () => ((await holds()) ? true : undefined));
    expect(child.exitCode, 'it was to be killed while it works').to.equal(null);
    await must(['env', ...asRoot, 'kill', '-KILL', '--', `-${String(child.pid)}`]);
    await ended;
  }

  /** What there is of the rig on this machine. */
  async function traces(): Promise<string[]> {
    const processes = (await processesOf(name)).map((pid) => `process ${pid}`);
    const table = await run(['env', ...asRoot, 'nft', 'list', 'table', 'ip', tableOf(name)]);
    const links = (await must(['ip', '-o', 'link'])).split('\n').filter((line) => line.includes(bridgeOf(name)));
    const folder = existsSync(rigDir(name)) ? ['folder'] : [];
    return [...processes, ...(await mountsBelow(rigDir(name))), ...links, ...folder, ...(table.code === 0 ? ['nft table'] : [])];
  }

  const moments: Record<string, () => Promise<boolean>> = {
    'it had noted what it was to be': async () => (await readState(name)) !== undefined,
    'a container was starting': async () => (await processesOf(name, 'web-01')).length > 0,
    'all containers were starting': async () =>
      (await processesOf(name, 'lb-01')).length * (await processesOf(name, 'web-02')).length > 0,
  };

  it('can be taken down', async () => {
    await killWhen('a container runs', async () => (await processesOf(name, 'web-01')).length > 0);
    expect(await traces()).to.not.deep.equal([]);
    await must(rigArgv(['down', '--name', name]));
    expect(await traces()).to.deep.equal([]);
  });

  for (const [moment, holds] of Object.entries(moments)) {
    it(`comes up the next time, when ${moment}`, async () => {
      await killWhen(moment, holds);
      await must(rigArgv(['up', '--name', name, '--inventory', inventory]));
      const rig = await openRig(name);
      for (const host of Object.keys(rig.hosts)) expect((await rig.ssh(host, 'hostname')).stdout).to.equal(`${host}\n`);
    });
  }
});
