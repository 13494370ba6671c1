import { spawn } from 'node:child_process';
import type { HostTotals, RunEvent } from '../../../src/model/event.js';
import { packageRoot } from '../../../src/util/packageRoot.js';
import type { Rig } from '../../rig/rig.js';

export interface Provisioned {
  readonly code: number | null;
  readonly events: readonly RunEvent[];
  readonly totals: Readonly<Record<string, HostTotals>>;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line tool as a user would, on a rig's inventory, with its events as JSON lines. */
export async function provision(rig: Pick<Rig, 'inventoryFile'>, ...args: readonly string[]): Promise<Provisioned> {
  const { code, stdout, stderr } = await provisionText(rig, '--output', 'json', ...args);
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as RunEvent);
  const end = events.find((event) => event.type === 'run-end');
  return { code, events, totals: end?.type === 'run-end' ? end.totals : {}, stdout, stderr };
}

/** The same without `--output json`: what stands on the screen. */
export function provisionText(rig: Pick<Rig, 'inventoryFile'>, ...args: readonly string[]): Promise<Ended> {
  return runCli('--inventory', rig.inventoryFile, ...args);
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line tool with these arguments and no others. */
export function runCli(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [`${packageRoot()}/dist/cli/main.cjs`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** What went wrong, for an assertion's message. */
export function faultsOf({ events, stderr }: Provisioned): string {
  const faults = events.flatMap((event) => ('fault' in event && event.fault !== undefined ? [event] : []));
  return `${JSON.stringify(faults, undefined, 2)}\n${stderr}`;
}

/** The tasks that ended in some way, as `host: task id`. */
export function tasksThat({ events }: Provisioned, ...statuses: readonly string[]): readonly string[] {
  return events.flatMap((event) =>
    event.type === 'task' && statuses.includes(event.status) ? [`${event.host}: ${event.id}`] : [],
  );
}
