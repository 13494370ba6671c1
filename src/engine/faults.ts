import { ProvisionError, TaskError } from '../model/errors.js';
import type { FaultReport } from '../model/event.js';
import type { Task } from '../model/task.js';
import { scrub } from '../util/secret.js';

/** An error as reporters show it, secrets masked. `verbose` 2 and more adds the stack. */
export function faultReport(error: unknown, verbose: number, task?: Task): FaultReport {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof ProvisionError ? error : undefined;
  return {
    message: scrub(message),
    where: known?.where ?? task?.origin,
    ...(error instanceof TaskError ? { command: error.command, output: error.output } : {}),
    hint: known === undefined ? 'this is a fault of the tool or of the playbook: -vv shows where' : known.hint,
    ...(verbose >= 2 && error instanceof Error ? { stack: scrub(error.stack ?? '') } : {}),
  };
}
