import type { FaultReport } from '../model/event.js';
import type { Colours } from './colours.js';
import { count, linesOf, printable, shownPosition } from './text.js';

/** Lines of a command and of its output that are shown without `-v`. */
const SHOWN_COMMAND = 12;
const SHOWN_OUTPUT = 24;

/** What a person needs to know of a fault, line by line: what, where, the command, what it said, what to try. */
export function faultLines(
  fault: FaultReport,
  options: { readonly colours: Colours; readonly verbose: number },
): readonly string[] {
  const { colours, verbose } = options;
  const all = verbose > 0;
  const label = (name: string): string => colours.dim(`${name}:`);
  const lines = linesOf(printable(fault.message)).map((line) => colours.red(line));
  if (fault.where !== undefined) lines.push(`${label('at')} ${shownPosition(fault.where)}`);
  if (fault.command !== undefined && fault.command !== '') {
    const command = linesOf(printable(fault.command));
    const shown = all ? command : firstLines(command, SHOWN_COMMAND);
    lines.push(...(shown.length === 1 ? [`${label('command')} ${shown[0] ?? ''}`] : [label('command'), ...indent(shown)]));
  }
  if (fault.output !== undefined && fault.output.trim() !== '') {
    const output = linesOf(printable(fault.output.replace(/\s+$/, '')));
    lines.push(label('output'), ...indent(all ? output : lastLines(output, SHOWN_OUTPUT)));
  }
  if (fault.hint !== undefined) lines.push(`${colours.bold('try:')} ${printable(fault.hint)}`);
  if (fault.stack !== undefined && verbose > 1)
    lines.push(...indent(linesOf(printable(fault.stack))).map((line) => colours.dim(line)));
  return lines;
}

/** Moves lines to the right. */
export function indent(lines: readonly string[], by = 2): readonly string[] {
  return lines.map((line) => (line === '' ? line : ' '.repeat(by) + line));
}

function firstLines(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), `… ${count(lines.length - most, 'more line')} (-v shows all)`];
}

function lastLines(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most ? lines : [`… ${count(lines.length - most, 'line')} before (-v shows all)`, ...lines.slice(-most)];
}
