import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { ProvisionError, TaskError, UnreachableError } from '../model/errors.js';
import type { CommandResult } from '../model/fact.js';
import type { JobItem, JobResult, Session } from '../model/session.js';
import { reveal, type Secret, type Text } from '../util/secret.js';
import { counted, timed } from '../util/timing.js';
import type { ByteChannel, Transport } from './channel.js';
import { StreamLost } from './connectionLost.js';
import type { Frame } from './frames.js';
import { createJob, isLost, type Job } from './job.js';
import { pour } from './pour.js';
import { RUN_DIRECTORY, fifoItem, lockScript, readItem } from './scripts.js';
import { openShell } from './shell.js';

export interface SessionOptions {
  /** Gives a live transport; a new one when the given one is the one that was lost. */
  transport(lost?: Transport): Promise<Transport>;
  readonly host: string;
  readonly user: string;
  readonly becomePassword: Secret | undefined;
  /** Names the run in the host's lock. */
  readonly runId: string;
  /** False works beside a run: the host's lock is not taken. Default true. */
  readonly exclusive?: boolean | undefined;
  /** True lets reads leave notes on the host. Default false. */
  readonly notes?: boolean | undefined;
  /** Who runs it since when, for whoever is refused. */
  readonly holder: string;
  /** Logs in anew, beside this session. Undefined where nobody can. */
  readonly again?: ((seconds: number) => Promise<Session>) | undefined;
  /** Called when the connection was lost and is being made again. */
  onReconnect?(): void;
}

/** Opens a session: one shell of one account on a host, which survives the loss of its connection. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { host, user, becomePassword, notes } = options;
  const token = randomBytes(16).toString('hex');
  let transport = await options.transport();
  const startShell = () => timed('shell', host, () => openShell({ transport, user, token, becomePassword, notes }));
  let shell = await startShell();
  let locked = false;
  let closed = false;
  let exchanges = 0;
  let current: Job | undefined;
  let stopStream: ((why: string) => void) | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  /** Where jobs and pipes of this session live on the host. */
  const directory = async () => ((await shell.self).isRoot ? RUN_DIRECTORY : `/tmp/provision-${token}`);
  const countExchange = () => {
    exchanges++;
    counted(host, 'exchanges');
  };
  const newName = () => randomBytes(8).toString('hex');

  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  const reconnect = async (): Promise<void> => {
    if (closed) throw new UnreachableError(`the connection to ${host} is closed`);
    options.onReconnect?.();
    shell.destroy();
    transport = await options.transport(transport);
    shell = await startShell();
    locked = false;
  };

  /** What only looks may simply be asked again. */
  const asking = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (let attempt = 0; ; attempt++) {
      countExchange();
      try {
        return await ask();
      } catch (error) {
        if (!isLost(error) || attempt === 3) throw lostFault(host, error);
        await reconnect();
      }
    }
  };

  const read = (scripts: readonly string[]): Promise<readonly CommandResult[]> =>
    enqueue(() =>
      scripts.length === 0
        ? Promise.resolve([])
        : asking(() => shell.converse(scripts.map((script) => readItem(token, script)).join(''), collect(scripts.length))),
    );

  const lock = async (): Promise<string> =>
    locked || options.exclusive === false || !(await shell.self).isRoot ? '' : lockScript(token, options.runId, options.holder);
  const onLock = ({ words }: Frame) => {
    if (words[0] !== 'L') return;
    locked = words[1] === 'ok';
    if (!locked) throw lockedFault(host, words.slice(2).join(' '));
  };
  /** The lock is an exchange of its own, so that nothing is sent after a refusal. */
  const takeLock = async (): Promise<void> => {
    const text = await lock();
    if (text === '') return;
    await asking(() => shell.converse(text, (frame) => (onLock(frame), locked ? true : undefined)));
  };

  const run = (items: readonly JobItem[], onBegin?: (index: number) => void): Promise<JobResult> =>
    enqueue(async () => {
      await takeLock();
      const job = createJob({ token, directory: `${await directory()}/jobs/${newName()}`, items, onBegin, onOther: onLock });
      current = job;
      const boot = (await shell.self).bootId;
      countExchange();
      try {
        let opening = job.started;
        for (;;) {
          try {
            const outcome = await job.follow(shell, opening);
            if (outcome !== 'not begun') return outcome;
            opening = job.started;
          } catch (error) {
            if (!isLost(error)) throw error;
            await reconnect();
            if ((await shell.self).bootId !== boot) throw rebootedFault(host);
            await takeLock();
            opening = job.attach;
          }
        }
      } finally {
        current = undefined;
        shell.send(job.forget);
      }
    });

  /** Runs a script with a FIFO on one side; `connect` opens the other as a channel of its own. */
  const throughFifo = async (
    script: Text,
    direction: 'in' | 'out',
    timeoutSeconds: number,
    connect: (fifo: string) => Promise<ByteChannel>,
  ): Promise<CommandResult> => {
    await takeLock();
    countExchange();
    const fifo = `${await directory()}/fifo-${newName()}`;
    const finish = collect(1);
    let channel: ByteChannel | undefined;
    let stopped: string | undefined;
    // Without its other side the script reads an end (or writes into nothing), and fails by itself.
    stopStream = (why) => {
      stopped ??= why;
      channel?.destroy();
    };
    const clock = setTimeout(() => stopStream?.(`timed out after ${timeoutSeconds} s`), timeoutSeconds * 1000);
    try {
      const [result] = await shell.converse(fifoItem(token, fifo, reveal(script), direction, transport.loginUser), (frame) => {
        if (frame.words[0] !== 'F') return finish(frame);
        connect(fifo).then(
          (made) => {
            channel = made;
            if (stopped !== undefined) made.destroy();
          },
          // Only ending this shell frees the host's blocked end.
          () => {
            shell.destroy();
          },
        );
        return undefined;
      });
      await channel?.exit;
      if (stopped !== undefined) return { code: 143, stdout: '', stderr: stopped };
      return result ?? { code: 255, stdout: '', stderr: 'no result' };
    } catch (error) {
      if (!isLost(error)) throw error;
      await reconnect();
      throw new StreamLost(`the connection to ${host} was lost while data was sent`, { cause: error });
    } finally {
      clearTimeout(clock);
      stopStream = undefined;
    }
  };

  const feed: Session['feed'] = (script, input, timeoutSeconds) => {
    const over = new AbortController();
    const fed = enqueue(() =>
      throughFifo(script, 'in', timeoutSeconds, async (fifo) => {
        const channel = await transport.start(`exec cat > ${fifo}`);
        channel.stdout.resume();
        channel.stderr.resume();
        // A reader that stops early, or an input that fails, shows in the script's own result: it checks what it got.
        const sent = 'pipe' in input ? pipeline(input, channel.stdin) : pour(input, channel.stdin, over.signal);
        sent.catch(() => {
          channel.destroy();
        });
        return channel;
      }),
    );
    return fed.finally(() => {
      over.abort();
    });
  };

  const drain: Session['drain'] = (script, timeoutSeconds) =>
    new Promise((resolve, reject) => {
      const result = enqueue(() =>
        throughFifo(script, 'out', timeoutSeconds, async (fifo) => {
          const channel = await transport.start(`exec cat ${fifo}`);
          channel.stderr.resume();
          channel.stdin.end();
          resolve({ output: channel.stdout, result });
          return channel;
        }),
      );
      result.catch(reject);
    });

  return {
    read,
    run,
    feed,
    drain,
    again: options.again,
    cancel: () => {
      current?.cancel(shell);
      stopStream?.('cancelled');
      return Promise.resolve();
    },
    get exchanges() {
      return exchanges;
    },
    close: async () => {
      closed = true;
      const self = await shell.self.catch(() => undefined);
      if (self?.isRoot === false) shell.send(`rm -rf -- ${await directory()}\n`);
      await shell.end();
    },
  };
}

/** Gathers the results of items: `R code` after standard output, `S` after standard error. */
function collect(count: number): (frame: Frame) => readonly CommandResult[] | undefined {
  const results: CommandResult[] = [];
  let stdout = '';
  let code = 0;
  return ({ body, words }) => {
    if (words[0] === 'R') [stdout, code] = [body.toString('utf8'), Number(words[1])];
    if (words[0] === 'S') results.push({ code, stdout, stderr: body.toString('utf8') });
    return results.length === count ? results : undefined;
  };
}

function lostFault(host: string, error: unknown): unknown {
  if (!isLost(error) || error instanceof ProvisionError) return error;
  return new UnreachableError(`the connection to ${host} was lost and could not be made again`, { cause: error });
}

function lockedFault(host: string, holder: string): TaskError {
  return new TaskError(`another run is changing ${host}: ${holder === '' ? 'it does not say whose' : holder}`, {
    hint: 'wait until it has ended; a dry run (--check) is possible meanwhile',
  });
}

function rebootedFault(host: string): TaskError {
  return new TaskError(`${host} rebooted while a job ran on it`, {
    hint: 'run again: what the job had done is read anew, and the rest is done then',
  });
}
