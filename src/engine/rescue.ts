import type { AnyPlay } from '../model/playbook.js';
import { convergeHost, type HostPlay, type HostPlayResult } from './converge.js';
import { faultReport } from './faults.js';
import { createKnowledge } from './knowledge.js';

/** A play whose tasks are what its `rescue` says; undefined where it says nothing. */
export function rescueOf(play: AnyPlay): AnyPlay | undefined {
  return play.rescue === undefined ? undefined : { ...play, tasks: play.rescue };
}

/**
 * Takes a host through the tasks of its play's `rescue`. What the play knew is not trusted, an interrupt does not end it (the second one
 * ends the program), and nothing is asked. Never throws: what goes wrong here is told beside what went wrong before.
 */
export async function rescueHost(run: HostPlay): Promise<HostPlayResult> {
  run.report({
    type: 'note',
    host: run.host,
    text: `"${run.play}" did not come to its end: bringing back what must not stay as it is`,
  });
  try {
    return await convergeHost({
      ...run,
      knowledge: createKnowledge(),
      signal: new AbortController().signal,
      confirm: undefined,
      watch: undefined,
    });
  } catch (error) {
    const fault = faultReport(error, run.verbose);
    run.report({ type: 'note', host: run.host, text: `it could not be brought back: ${fault.message}` });
    return { statuses: new Map(), ok: false };
  }
}
