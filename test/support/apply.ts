import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, PutStep, Step, UnpackStep } from '../../src/model/change.js';
import type { PreparedTask, PrepareEnvironment, Task } from '../../src/model/task.js';
import { stepScript } from '../../src/engine/stepScript.js';
import { reveal } from '../../src/util/secret.js';
import { quote } from '../../src/util/shell.js';
import { nowhere } from './plan.js';
import { askLocally, runLocally } from './shell.js';

/** Plans a task on what this machine really says. */
export async function planLocally(task: Task, environment: PrepareEnvironment = nowhere): Promise<readonly Change[]> {
  return planNow(await task.prepare(environment));
}

/**
 * Makes a task's changes on this machine, which the paths of its options must be made for, and proves that it then
 * plans nothing. Gives the changes that were made.
 */
export async function applyLocally(task: Task, environment: PrepareEnvironment = nowhere): Promise<readonly Change[]> {
  const prepared = await task.prepare(environment);
  const changes = planNow(prepared);
  for (const change of changes) change.steps.forEach(perform);
  const left = planNow(prepared).filter((_, index) => changes[index]?.verify !== false);
  if (left.length > 0) throw new Error(`${task.id} has not converged: ${left.map(({ summary }) => summary).join('; ')}`);
  return changes;
}

function planNow(prepared: PreparedTask): readonly Change[] {
  return prepared.plan((read) => askLocally(read)[0]);
}

function perform(step: Step): void {
  if (step.kind === 'shell') {
    must(`set -e\n${reveal(stepScript(step))}`);
    if (step.afterwards !== undefined) must(`set -e\n${step.afterwards}`);
    if (step.atEnd !== undefined) must(`set -e\n${step.atEnd}`);
    return;
  }
  if (step.kind === 'put') {
    put(step);
    return;
  }
  if (step.kind === 'unpack') {
    unpack(step);
    return;
  }
  if (step.kind === 'validated') {
    step.steps.forEach(perform);
    must(step.validate);
    return;
  }
  throw new Error(`a test cannot perform a ${step.kind} step on this machine`);
}

function must(script: string): void {
  const { code, stderr } = runLocally(script);
  if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
}

function put(step: PutStep): void {
  const temporary = `${step.path}.test`;
  if ('text' in step.content) writeFileSync(temporary, reveal(step.content.text));
  else copyFileSync(step.content.localFile, temporary);
  chmodSync(temporary, Number.parseInt(step.mode ?? '0644', 8));
  if (step.owner !== undefined) must(`chown ${quote(`${step.owner}:${step.group ?? ''}`)} -- ${quote(temporary)}`);
  if (step.validate !== undefined) must(step.validate.replaceAll('%s', () => quote(temporary)));
  renameSync(temporary, step.path);
}

function unpack({ directory, entries }: UnpackStep): void {
  for (const entry of entries) {
    const path = join(directory, entry.path);
    if (entry.type === 'directory') mkdirSync(path, { recursive: true });
    else rmSync(path, { force: true });
    if (entry.type === 'link') symlinkSync(entry.target ?? '', path);
    else {
      if (entry.type === 'file') copyFileSync(entry.localFile ?? '', path);
      chmodSync(path, Number.parseInt(entry.mode, 8));
    }
  }
}

/** For `before`: leaves a suite out for who is not root; CI runs as root. */
export function needsRoot(this: Mocha.Context): void {
  // Who is not root can make no accounts and owners: nothing of such a suite could run.
  if (process.getuid?.() !== 0) this.skip();
}
