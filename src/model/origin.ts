import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { SourcePosition } from './errors.js';

const FRAME = /\(?((?:file:\/\/)?\/[^()]+):(\d+):\d+\)?$/;

/** By places in files as they are run: a stack that is put back to its sources as text costs more than all else of making a task. */
const sources = new Map<string, SourcePosition>();

/** The file and line where the caller of `callee` stands, or undefined where the stack does not tell. */
export function callerPosition(callee: (...args: never[]) => unknown): SourcePosition | undefined {
  const frame = callerOf(callee);
  const file = frame?.getFileName();
  const [line, column] = [frame?.getLineNumber(), frame?.getColumnNumber()];
  if (file == null || line == null || column == null || file.startsWith('node:')) return undefined;
  const place = `${file}:${line}:${column}`;
  const source = sources.get(place) ?? sourceOf(file, line, column);
  sources.set(place, source);
  return source;
}

function callerOf(callee: (...args: never[]) => unknown): NodeJS.CallSite | undefined {
  const depth = Error.stackTraceLimit;
  const prepare: unknown = Reflect.get(Error, 'prepareStackTrace');
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = (_, frames) => frames[0];
  const holder: { stack?: NodeJS.CallSite | undefined } = {};
  Error.captureStackTrace(holder, callee);
  // It is prepared when it is first asked for.
  const { stack } = holder;
  Error.stackTraceLimit = depth;
  Reflect.set(Error, 'prepareStackTrace', prepare);
  return stack;
}

/** The place in the file that was compiled, where its source map is there. */
function sourceOf(file: string, line: number, column: number): SourcePosition {
  const path = file.startsWith('file://') ? fileURLToPath(file) : file;
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !('originalSource' in entry)) return { file: path, line };
  const { originalSource: source, originalLine } = entry;
  return { file: source.startsWith('file://') ? fileURLToPath(source) : source, line: originalLine + 1 };
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
