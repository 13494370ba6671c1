/** A place in a file of the user's. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** `file:line:column`, as editors and terminals understand it. */
export function formatPosition(position: SourcePosition): string {
  return [position.file, position.line, position.column].filter((part) => part !== undefined).join(':');
}

interface ErrorDetails {
  readonly where?: SourcePosition | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The base of all errors that a user is meant to read: what happened, where, and what to do. */
export abstract class ProvisionError extends Error {
  readonly where: SourcePosition | undefined;
  readonly hint: string | undefined;

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.where = details.where;
    this.hint = details.hint;
  }
}

/** Something that the user gave is wrong; no host was contacted. Exit code 4. */
export class InputError extends ProvisionError {}

/** Several faults of one input, told together. Exit code 4. */
export class InputErrors extends ProvisionError {
  constructor(readonly errors: readonly InputError[]) {
    super(errors.map((error) => error.message).join('\n'));
  }
}

/** A saved plan does not fit any more: the file, the code or a host is not what it was made from. Exit code 5. */
export class PlanRefusedError extends ProvisionError {}

/** An operation would lose data, or leave the servers in a worse state than they are in; nothing was changed. Exit code 5. */
export class OperationRefusedError extends ProvisionError {}

/** A host could not be reached or logged in to, or was lost and did not come back. Exit code 3. */
export class UnreachableError extends ProvisionError {}

/** A task cannot be planned on this host as it is: the options ask for something that its state forbids. */
export class PlanError extends ProvisionError {}

/** A step ended with an error, or a task did not converge. Exit code 1. */
export class TaskError extends ProvisionError {
  readonly command: string | undefined;
  readonly output: string | undefined;

  constructor(message: string, details: ErrorDetails & { command?: string | undefined; output?: string | undefined } = {}) {
    super(message, details);
    this.command = details.command;
    this.output = details.output;
  }
}
