import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { asRoot } from './asRoot.js';
import { showSite } from './demoSite.js';
import { openRig } from './rig.js';

const inventory = resolve('inventory/rig.yml');

/** The demo: three bare hosts, the tool run on them, and what was built shown. Ends with how to take it down. */
async function demo(): Promise<number> {
  console.log('== Three bare Debian hosts');
  const hosts = await asRoot(['up', '--fresh', '--inventory', inventory, ...process.argv.slice(2)]);
  if (hosts !== 0) return hosts;

  console.log('\n== From bare to www.foobar.com');
  const first = await provision();
  if (first !== 0) return first;

  console.log('\n== A second run has nothing to do');
  const second = await provision();
  if (second !== 0) return second;

  console.log('\n== What was built');
  await showSite(await openRig('rig'));

  console.log('\nLook around:   npm run rig -- ssh web-01');
  console.log('Change things: npx provision --inventory inventory/rig.yml --check --diff');
  console.log('Take it down:  npm run rig -- down');
  return 0;
}

async function provision(...args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ['dist/cli/main.cjs', '--inventory', inventory, ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

process.exitCode = await demo();
