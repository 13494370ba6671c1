import type { CommandResult } from '../model/fact.js';
import type { JobItem, JobResult } from '../model/session.js';
import { reveal } from '../util/secret.js';
import { ConnectionLost } from './connectionLost.js';
import type { Frame } from './frames.js';
import { attachJob, cancelJob, forgetJob, jobScript, startJob } from './scripts.js';
import type { Shell } from './shell.js';

/** A job on its way: the items' results so far, and what the frames of its output mean. */
export interface Job {
  readonly directory: string;
  /** Sends it (or, after a reconnection, picks it up) and waits for its end. Rejects with ConnectionLost. */
  follow(shell: Shell, opening: string): Promise<JobResult | 'not begun'>;
  readonly started: string;
  readonly attach: string;
  readonly forget: string;
  cancel(shell: Shell): void;
}

interface JobOptions {
  readonly token: string;
  readonly directory: string;
  readonly items: readonly JobItem[];
  readonly onBegin?: ((index: number) => void) | undefined;
  /** A frame that is not the job's own (the lock's answer). */
  readonly onOther: (frame: Frame) => void;
}

const GRACE_MILLISECONDS = 5000;

export function createJob({ token, directory, items, onBegin, onOther }: JobOptions): Job {
  const script = jobScript(
    token,
    items.map((item) => reveal(item.script)),
  );
  const name = directory.slice(directory.lastIndexOf('/') + 1);
  let stopped: string | undefined;
  let clock: NodeJS.Timeout | undefined;
  let begun = -1;

  const cancel = (shell: Shell, why: string) => {
    stopped ??= why;
    shell.send(cancelJob(directory, 'TERM'));
    setTimeout(() => {
      shell.send(cancelJob(directory, 'KILL'));
    }, GRACE_MILLISECONDS).unref();
  };

  const follow = async (shell: Shell, opening: string): Promise<JobResult | 'not begun'> => {
    const results: CommandResult[] = [];
    let stdout = '';
    let code = 0;
    try {
      return await shell.converse(opening, (frame) => {
        const [word, argument = ''] = frame.words;
        if (word === 'B') {
          const index = Number(argument);
          clearTimeout(clock);
          const seconds = items[index]?.timeoutSeconds ?? 600;
          clock = setTimeout(() => {
            cancel(shell, `timed out after ${seconds} s`);
          }, seconds * 1000);
          // After a reconnection the job's output comes again from its start.
          if (index > begun) onBegin?.((begun = index));
        } else if (word === 'R') {
          stdout = frame.body.toString('utf8');
          code = Number(argument);
        } else if (word === 'S') {
          results.push({ code, stdout, stderr: frame.body.toString('utf8') });
        } else if (word === 'D') {
          return { results };
        } else if (word === 'X' && argument === name) {
          results.push({ code: 143, stdout: frame.body.toString('utf8'), stderr: stopped ?? 'the job was killed on the host' });
          return { results };
        } else if (word === 'N') {
          return 'not begun' as const;
        } else {
          onOther(frame);
        }
        return undefined;
      });
    } finally {
      clearTimeout(clock);
    }
  };

  return {
    directory,
    follow,
    started: startJob(token, directory, script),
    attach: attachJob(token, directory),
    forget: forgetJob(directory),
    cancel: (shell) => {
      cancel(shell, 'cancelled');
    },
  };
}

/** Whether an error only says that the connection went away. */
export function isLost(error: unknown): boolean {
  return error instanceof ConnectionLost;
}
