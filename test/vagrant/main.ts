import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asRoot } from '../rig/asRoot.js';
import { withLock } from '../rig/lock.js';
import { forwardingOn } from '../rig/network.js';
import { hypervisorBefore, keep, leftBefore, machineBefore, type Before } from './before.js';
import { localBox } from './box.js';
import { boxName } from './boxRecipe.js';
import { checkRecap, checkSite } from './check.js';
import { cleanUp, FORWARDING_USER } from './cleanUp.js';
import { copyCheckout } from './copy.js';
import { gatewayProxy } from './gatewayProxy.js';
import { startHypervisor } from './hypervisor.js';
import { installKernel } from './kernel.js';
import { copyDir, lockFile, logFile, vagrantHome } from './paths.js';
import { vagrant } from './vagrant.js';

// A real "vagrant up" on this machine, from nothing to an answer of the site, in a copy of the checkout. Then all is
// taken away again, whatever happened.

const started = Date.now();

const say = (line: string): void => {
  console.log(`[${String(Math.round((Date.now() - started) / 1000)).padStart(4)} s] ${line}`);
};

async function run(signal: AbortSignal): Promise<void> {
  const left = await leftBefore();
  if (left !== undefined) {
    say('a run before this one did not end');
    await cleanUp(left, say);
  }
  await rm(logFile, { force: true });
  const box = await localBox(say);
  let before: Before = { ...(await machineBefore()), boxKey: box.key };
  try {
    await keep(before);
    await forwardingOn(FORWARDING_USER);
    await startHypervisor(say);
    before = { ...before, ...(await hypervisorBefore()) };
    await keep(before);
    await installKernel(box.key, box.kernel);
    await copyCheckout();
    await rm(vagrantHome, { recursive: true, force: true });
    await vagrant(['box', 'add', '--name', boxName, box.file], signal);
    await site(signal);
  } finally {
    await cleanUp(before, say);
  }
}

async function site(signal: AbortSignal): Promise<void> {
  let isOver = false;
  const proxy = gatewayProxy(() => isOver);
  proxy.catch(() => undefined); // it is looked at below, when vagrant has ended
  try {
    say('vagrant up');
    checkRecap(await vagrant(['up'], signal), false);
    for (const line of await checkSite()) say(line);
    say('vagrant provision, which has nothing to change');
    checkRecap(await vagrant(['provision'], signal), true);
    for (const line of await checkSite()) say(line);
  } finally {
    isOver = true;
    const server = await proxy;
    server?.close();
    server?.closeAllConnections();
  }
}

async function main(): Promise<number> {
  if (process.getuid?.() !== 0) return await asRoot([], '../vagrant/main');
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      interruption.abort(new Error(`interrupted by ${signal}`));
    });
  }
  await mkdir(dirname(copyDir), { recursive: true, mode: 0o700 });
  try {
    await withLock(
      lockFile,
      () => run(interruption.signal),
      () => {
        say('waiting for another run');
      },
    );
    say('done: nothing of it is left but the built box');
    return 0;
  } catch (error) {
    say(`FAILED: ${error instanceof Error ? error.message : String(error)}`);
    return interruption.signal.aborted ? 130 : 1;
  }
}

process.exitCode = await main();
