import type { RunEvent } from '../model/event.js';
import type { Output, RunReporter } from './reporter.js';

/** The version of the lines' form, told by `run-start`. It grows when a reader of the old form would be misled. */
export const FORMAT = 1;

/** One event a line, as docs/events.md describes them: the event's fields and `time`. */
export function jsonReporter(output: Pick<Output, 'write'>, now: () => Date = () => new Date()): RunReporter {
  return {
    report: (event) => void output.write(`${JSON.stringify(line(event, now()))}\n`),
    hold: (work) => work(),
    close: () => Promise.resolve(),
  };
}

function line(event: RunEvent, time: Date): object {
  const { type, ...rest } = event;
  return { type, time: time.toISOString(), ...(type === 'run-start' ? { format: FORMAT } : {}), ...rest };
}
