import { UnreachableError } from '../model/errors.js';
import type { AnyPlay } from '../model/playbook.js';
import { convergeHost, type HostPlay, type HostPlayResult } from './converge.js';
import { faultReport } from './faults.js';
import { createKnowledge } from './knowledge.js';
import type { PlayTask } from './playTask.js';

/** A play whose tasks are what its `rescue` says; undefined where it says nothing. */
export function rescueOf(play: AnyPlay): AnyPlay | undefined {
  return play.rescue === undefined ? undefined : { ...play, tasks: play.rescue };
}

/**
 * Takes a host through the tasks of its play's `rescue`. What the play knew is not trusted, an interrupt does not end it (the second one
 * ends the program), and nothing is asked. Where the host cannot be reached, what is to be done for it on other hosts is done all the
 * same, on each of them for itself. Never throws: what goes wrong here is told beside what went wrong before.
 */
export async function rescueHost(run: HostPlay): Promise<HostPlayResult> {
  note(run, `"${run.play}" did not come to its end: bringing back what must not stay as it is`);
  const elsewhere = [...new Set(run.tasks.map(({ on }) => on.host))].filter((host) => host !== run.host);
  try {
    return await attempt(run, run.tasks);
  } catch (error) {
    const { message } = faultReport(error, run.verbose);
    if (!(error instanceof UnreachableError) || elsewhere.length === 0) {
      note(run, `it could not be brought back: ${message}`);
      return { statuses: new Map(), ok: false };
    }
    note(run, `it could not be brought back itself: ${message}; doing what is to be done for it on ${elsewhere.join(', ')}`);
  }
  const results = await Promise.all(
    elsewhere.map(async (host) => {
      const tasks = run.tasks.filter(({ on }) => on.host === host);
      try {
        return [...(await attempt(run, tasks)).statuses];
      } catch (error) {
        const left = tasks.map(({ task }) => task.name).join(', ');
        note(run, `left undone on ${host}: ${left}: ${faultReport(error, run.verbose).message}`);
        return [];
      }
    }),
  );
  return { statuses: new Map(results.flat()), ok: false };
}

function attempt(run: HostPlay, tasks: readonly PlayTask[]): Promise<HostPlayResult> {
  return convergeHost({
    ...run,
    tasks,
    knowledge: createKnowledge(),
    signal: new AbortController().signal,
    confirm: undefined,
    watch: undefined,
  });
}

function note(run: HostPlay, text: string): void {
  run.report({ type: 'note', host: run.host, text });
}
