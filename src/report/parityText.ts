import { isTrue, type Parity, type ParityEntry } from './parity.js';
import { count } from './text.js';

/** A comparison of announced and done changes for a person: the figures, then each untruth. */
export function parityLines(parity: Parity): readonly string[] {
  const share = parity.tasks === 0 ? 0 : (100 * parity.unknown.length) / parity.tasks;
  return [
    `parity: ${count(parity.exact, 'change')} exactly as planned, ${parity.unknown.length} of ${count(parity.tasks, 'task')} known after apply (${share.toFixed(1)} %)`,
    ...section('known after apply', parity.unknown),
    ...section('the plan failed, the apply did not', parity.spuriousErrors),
    ...section('changed without having been planned', parity.unannounced),
    ...section('planned, and did not come', parity.missing),
    ...section('done otherwise than planned', parity.different),
    isTrue(parity) ? 'the plan told the truth' : 'the plan did not tell the truth',
  ];
}

function section(title: string, entries: readonly ParityEntry[]): readonly string[] {
  return entries.length === 0 ? [] : [`  ${title}:`, ...entries.map(({ host, id }) => `    ${host}: ${id}`)];
}
