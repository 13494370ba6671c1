import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { formatPosition, type SourcePosition } from '../model/errors.js';

// C0 and C1 controls but tab and newline; and the marks that reorder text.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from a host or a file, safe to print: colours and cursor movements are gone, of a line that was written over (a
 * progress bar) the last state is left, other control characters show as `␛`-like pictures.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((line) => lastState(line).replace(CONTROLS, picture))
    .join('\n');
}

/** Printable, and on one line. */
export function oneLine(text: string): string {
  return printable(text)
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .replaceAll('\t', ' ');
}

function lastState(line: string): string {
  const kept = line.replace(/\r+$/, '');
  return kept.slice(kept.lastIndexOf('\r') + 1);
}

function picture(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
}

/** The lines of a text, without an empty one at its end. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** `1 host`, `3 hosts`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** A time for people: `0.3 s`, `12 s`, `2 min 5 s`, `1 h 2 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A time that still runs, in whole seconds, so that it does not flicker. */
export function elapsed(seconds: number): string {
  return seconds < 10 ? `${Math.floor(Math.max(0, seconds))} s` : duration(Math.floor(seconds));
}

/** `file:line:column`, the file as seen from the current folder where it lies in it. */
export function shownPosition(position: SourcePosition): string {
  const near = relative(process.cwd(), position.file);
  return formatPosition(near === '' || near.startsWith('..') ? position : { ...position, file: near });
}
