import type { Colours } from '../report/colours.js';
import type { Finding } from './finding.js';

/** Findings for a person: the faults first, each with what mends it. */
export function auditText(findings: readonly Finding[], colours: Colours): string {
  const faults = findings.filter(({ weight }) => weight === 'fault');
  const notes = findings.filter(({ weight }) => weight === 'note');
  const lines = (some: readonly Finding[], paint: (text: string) => string) =>
    some.flatMap(({ kind, summary, mend }) => [`${paint(kind)}: ${summary}`, `    mend: ${mend}`]);
  return [
    ...lines(faults, colours.red),
    ...(faults.length > 0 && notes.length > 0 ? [''] : []),
    ...lines(notes, colours.yellow),
    ...(findings.length > 0 ? [''] : []),
    `${counted(faults.length, 'fault')}, ${counted(notes.length, 'note')}\n`,
  ].join('\n');
}

function counted(count: number, what: string): string {
  return `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;
}
