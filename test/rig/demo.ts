import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { asRoot } from './asRoot.js';

const inventory = resolve('inventory/rig.yml');

/** The demo: three bare hosts, the tool run on them, and what was built shown. Ends with how to take it down. */
async function demo(): Promise<number> {
  console.log('== Three bare Debian hosts');
  const hosts = await asRoot(['up', '--fresh', '--inventory', inventory, ...process.argv.slice(2)]);
  if (hosts !== 0) return hosts;

  console.log('\n== From bare to www.foobar.com');
  const first = await provision();
  if (first !== 0) return first;

  // What was built: the addresses, requests to both web servers, a note through the primary to the replica, a second run.

  console.log('\nTake it down with: npm run rig -- down');
  return 0;
}

async function provision(...args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, ['dist/src/cli/main.js', '--inventory', inventory, ...args], { stdio: 'inherit' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code ?? 1;
}

process.exitCode = await demo();
