import { fileURLToPath } from 'node:url';
import type { SourcePosition } from './errors.js';

const FRAME = /\(?((?:file:\/\/)?\/[^()]+):(\d+):\d+\)?$/;

/**
 * The file and line where the caller of `callee` stands, or undefined where the stack does not tell. No column: a playbook
 * is transpiled as it is loaded, which keeps its lines but not its columns.
 */
export function callerPosition(callee: (...args: never[]) => unknown): SourcePosition | undefined {
  const holder: { stack?: string } = {};
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, callee);
  Error.stackTraceLimit = depth;
  return positionOf(holder.stack?.split('\n')[1]);
}

/** Where an error was thrown: the first line of its stack that is in a TypeScript file, as playbooks and roles are. */
export function thrownAt(error: unknown): SourcePosition | undefined {
  const frames = error instanceof Error ? (error.stack?.split('\n') ?? []) : [];
  return frames.map(positionOf).find((position) => position !== undefined && /\.[cm]?ts$/.test(position.file));
}

function positionOf(frame: string | undefined): SourcePosition | undefined {
  const match = FRAME.exec(frame?.trim() ?? '');
  if (!match) return undefined;
  const [, file = '', line] = match;
  return { file: file.startsWith('file://') ? fileURLToPath(file) : file, line: Number(line) };
}
