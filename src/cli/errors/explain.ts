import {
  InputError,
  InputErrors,
  OperationRefusedError,
  PlanRefusedError,
  ProvisionError,
  TaskError,
  UnreachableError,
} from '../../model/errors.js';
import type { Colours } from '../../report/colours.js';
import { faultLines, indent } from '../../report/fault.js';
import { count, linesOf, printable, shownPosition } from '../../report/text.js';
import { scrub } from '../../util/secret.js';
import { EXIT } from '../exitCodes.js';
import { excerpt } from './excerpt.js';

export interface ExplainOptions {
  readonly colours: Colours;
  readonly verbose: number;
}

/** Somebody pressed Ctrl-C at a question. */
export class Interrupted extends Error {}

/** The exit code that stands for an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InputError || error instanceof InputErrors) return EXIT.badInput;
  if (error instanceof PlanRefusedError || error instanceof OperationRefusedError) return EXIT.refused;
  if (error instanceof UnreachableError) return EXIT.unreachable;
  return error instanceof Interrupted ? EXIT.interrupted : EXIT.failed;
}

/** An error for a person: what happened, where (with the source line), and what to do. No stack traces below `-vv`. */
export function explain(error: unknown, options: ExplainOptions): string {
  return scrub(explanation(error, options).join('\n'));
}

function explanation(error: unknown, options: ExplainOptions): readonly string[] {
  if (error instanceof Interrupted) return ['interrupted'];
  if (error instanceof InputErrors) {
    const total = count(error.errors.length, 'error');
    return [...error.errors.flatMap((one) => explanation(one, options)), ...(error.errors.length > 1 ? [`${total} in all`] : [])];
  }
  if (error instanceof ProvisionError) return known(error, options);
  return unexpected(error, options);
}

function known(error: ProvisionError, { colours, verbose }: ExplainOptions): readonly string[] {
  const [first = '', ...more] = linesOf(printable(error.message));
  const lines = [`${colours.red('error:')} ${colours.bold(first)}`, ...indent(more)];
  if (error.where !== undefined) {
    lines.push(
      `  ${colours.dim('at')} ${shownPosition(error.where)}`,
      ...indent(excerpt(error.where), 4).map((line) => colours.dim(line)),
    );
  }
  if (error instanceof TaskError) {
    const { command, output } = error;
    lines.push(...indent(faultLines({ message: '', command, output }, { colours, verbose })));
  }
  if (error.hint !== undefined) lines.push(`  ${colours.bold('try:')} ${printable(error.hint)}`);
  return [...lines, ...stack(error, verbose)];
}

/** A fault of the tool itself, or of something that nobody foresaw. */
function unexpected(error: unknown, { colours, verbose }: ExplainOptions): readonly string[] {
  const message = error instanceof Error ? error.message : String(error);
  return [
    `${colours.red('error:')} ${colours.bold(`unexpected: ${printable(message)}`)}`,
    ...(verbose > 1 ? [] : [`  ${colours.bold('try:')} the same with -vv, which shows where in the program it happened`]),
    ...stack(error, verbose),
  ];
}

function stack(error: unknown, verbose: number): readonly string[] {
  if (verbose < 2 || !(error instanceof Error)) return [];
  const own = indent(linesOf(error.stack ?? ''));
  return error.cause === undefined ? own : [...own, '  caused by:', ...indent(stack(error.cause, verbose))];
}
