import { isFolder } from '../../src/facts/folder.js';
import type { Change } from '../../src/model/change.js';
import type { Read } from '../../src/model/fact.js';
import type { PrepareEnvironment, Task } from '../../src/model/task.js';

/** For kinds that need no local files. */
export const nowhere: PrepareEnvironment = {
  resolve: (path) => {
    throw new Error(`no local files here: ${path}`);
  },
};

/** Plans a task on plain values, given by fact name or by the read's whole key. */
export async function planOn(
  task: Task,
  values: Readonly<Record<string, unknown>>,
  environment: PrepareEnvironment = nowhere,
): Promise<readonly Change[]> {
  const prepared = await task.prepare(environment);
  return prepared.plan((read) => valueOf(read, values));
}

/** Applies what the changes predict to the values and plans again: an honest kind then plans nothing. */
export async function planAfter(
  task: Task,
  values: Readonly<Record<string, unknown>>,
  environment: PrepareEnvironment = nowhere,
): Promise<readonly Change[]> {
  const changes = await planOn(task, values, environment);
  const prepared = await task.prepare(environment);
  const after = prepared.reads.flatMap((read) => {
    const prediction = changes.flatMap(({ predicts = [] }) => predicts).find(({ key }) => key === read.key);
    const told = prediction?.tell === undefined ? prediction : prediction.tell(valueOf(read, values));
    return told === undefined ? [] : [[read.key, told.value] as const];
  });
  return planOn(task, { ...values, ...Object.fromEntries(after) }, environment);
}

function valueOf(read: Read<never>, values: Readonly<Record<string, unknown>>): unknown {
  if (read.key in values) return values[read.key];
  if (read.fact.name in values) return values[read.fact.name];
  // Most tests are of hosts on which there is a folder for what they put there.
  if (read.fact === isFolder('/').fact) return true;
  throw new Error(`the test gives no value for ${read.key}`);
}
