import { spawn } from 'node:child_process';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { compilerVersion } from '../../typecheck/compiler.js';
import { sha256 } from '../../util/hash.js';
import { SNAPSHOT_FLAGS } from './snapshotFlags.js';
import type { TypesAnswer, TypesRequest } from './types.js';

/** How much less than others the process that prepares is given: it is for the next time. */
const NICE = 10;

/** The program that is prepared, and the one that prepares it: beside this one in the built program, and nowhere else. */
const entry = (): string => fileURLToPath(new URL('./preparedEntry.cjs', import.meta.url));
const maker = (): string => fileURLToPath(new URL('./prepare.js', import.meta.url));

/** The prepared compiler of this Node and this program: a snapshot of Node's. */
function snapshotFile({ cacheFolder, version }: TypesRequest): string {
  const { size, mtimeMs } = statSync(entry());
  const key = sha256(JSON.stringify([version, compilerVersion(), process.version, process.arch, SNAPSHOT_FLAGS, size, mtimeMs]));
  return join(cacheFolder, `compiler-${key.slice(0, 24)}.snapshot`);
}

/**
 * The prepared compiler's answer. Undefined where there is none, or where it does not run: Node calls its snapshots
 * experimental, so nothing depends on them but time.
 */
export async function askPrepared(request: TypesRequest): Promise<TypesAnswer | undefined> {
  if (!existsSync(entry())) return undefined;
  const file = snapshotFile(request);
  if (!existsSync(file)) return undefined;
  // Options for Node are meant for programs that are loaded, not for one that is a snapshot.
  const env = { ...process.env, NODE_OPTIONS: undefined };
  const child = spawn(process.execPath, [...SNAPSHOT_FLAGS, '--snapshot-blob', file], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stdin.on('error', () => {
    // It has ended already, and its exit says so.
  });
  child.stdin.end(JSON.stringify(request));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => {
      resolve(null);
    });
    child.once('close', resolve);
  });
  if (code !== 0) {
    // The check after this one prepares another.
    rmSync(file, { force: true });
    return undefined;
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8')) as TypesAnswer;
}

/**
 * Begins to prepare a compiler for the next time, in a process that ends by itself after some seconds. Not in a CI, where nothing
 * is there the next time.
 */
export function prepareForNextTime(request: TypesRequest): void {
  if ((process.env['CI'] ?? '') !== '' || !existsSync(entry())) return;
  const file = snapshotFile(request);
  if (existsSync(file)) return;
  const args = [maker(), entry(), file, JSON.stringify(request)];
  const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore' });
  child.once('error', () => {
    // Then the next check takes as long as this one.
  });
  if (child.pid !== undefined) setPriority(child.pid, NICE);
  child.unref();
}
