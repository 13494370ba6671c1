import { z } from 'zod';
import { unconfirmed } from '../../facts/unconfirmed.js';
import type { Change, GuardedStep, Step } from '../../model/change.js';
import type { Read } from '../../model/fact.js';
import { quote } from '../../util/shell.js';

/** Option of the kinds that may write what decides who can log in: sshd's configuration, sudoers. */
export const confirmLogin = z.strictObject({
  /** How long a new login has to confirm the change, in seconds, before the host undoes it. Default 30. */
  seconds: z.int().min(5).max(600).default(30),
  /** The unit that has to load the file: `ssh`. It is reloaded with the change, and again if that is undone. */
  reload: z
    .string()
    .regex(/^[\w@.\\:-]+$/, "expected a unit's name, such as ssh")
    .optional(),
});

/** The option as a planner has it. */
export type ConfirmLogin = z.output<typeof confirmLogin>;

/** What a task with a confirmed login reads beside the rest: whether an interrupted run left something to confirm. */
export function unconfirmedOf(task: string, wanted: ConfirmLogin | undefined): readonly Read<boolean>[] {
  return wanted === undefined ? [] : [unconfirmed(task)];
}

/** A task's guard: what it is called, what it puts back, and what the host said of it. */
export interface Guard extends Pick<GuardedStep, 'keep' | 'undo'> {
  /** The task's kind and subject. */
  readonly task: string;
  /** What its changes write, link or remove. */
  readonly paths: readonly string[];
  /** The values of `unconfirmedOf`. */
  readonly left: readonly boolean[];
}

/** The changes, each undone by the host unless a new login confirms it. Without the option they stay as they are. */
export function withConfirmedLogin(
  wanted: ConfirmLogin | undefined,
  { task, paths, left, keep, undo }: Guard,
  changes: readonly Change[],
): readonly Change[] {
  if (wanted === undefined) return changes;
  const { seconds, reload } = wanted;
  // A unit that has read its files in the old way up to now must have stopped doing so when the new login comes.
  const effect = reload === undefined ? undefined : `systemctl try-reload-or-restart -- ${quote(reload)}\nsleep 0.5`;
  const guarded = (steps: GuardedStep['steps']): GuardedStep => ({
    ...{ kind: 'guarded', name: task, seconds, paths, steps, effect, keep, undo },
  });
  const told = { predicts: [unconfirmed(task).predict(false)], touches: [`guard:${task}`] as const };
  if (changes.length === 0 && left.includes(true)) {
    return [{ summary: 'confirm by a new login what an interrupted run has changed', live: true, steps: [guarded([])], ...told }];
  }
  const condition = `undone after ${seconds} s unless a new login confirms it`;
  return changes.map((change) => ({
    ...change,
    summary: `${change.summary} (${condition})`,
    ...(change.parts === undefined ? {} : { parts: [...change.parts, { summary: condition }] as const }),
    steps: [guarded(change.steps.filter(isPlain))],
    touches: [...(change.touches ?? ['*']), ...told.touches],
    predicts: [...(change.predicts ?? []), ...told.predicts],
  }));
}

/** The planners of files make no other steps. */
function isPlain(step: Step): step is GuardedStep['steps'][number] {
  return step.kind === 'shell' || step.kind === 'put' || step.kind === 'validated';
}
