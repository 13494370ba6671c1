import { setTimeout as delay } from 'node:timers/promises';
import { execute } from '../engine/execute.js';
import { askOne } from '../engine/gather.js';
import { faultReport } from '../engine/faults.js';
import { mysqlNode } from '../facts/mysqlNode.js';
import type { DatabaseServer } from '../model/database.js';
import { TaskError } from '../model/errors.js';
import type { HostTotals, RunEvent, TaskStatus } from '../model/event.js';
import type { Session } from '../model/session.js';
import { describeError } from '../tasks/mysql/replicationErrors.js';
import { scrub } from '../util/secret.js';
import type { Act, Operation, Said, Stage } from './operation.js';

/** What an operation is done with. */
export interface PerformOptions {
  readonly operation: Operation;
  readonly servers: readonly DatabaseServer[];
  readonly openSession: (host: string, user: string) => Promise<Session>;
  readonly report: (event: RunEvent) => void;
  /** 0, 1 (`-v`), 2 (`-vv`: stacks). */
  readonly verbose: number;
  /** Heeded until the first change; from then on the operation is brought to its end, or undone. */
  readonly signal: AbortSignal;
}

type Report = PerformOptions['report'];
type Shown = Pick<Act, 'host' | 'id' | 'summary'>;

/** What is done on one host of a stage. */
interface Job extends Shown {
  readonly idle?: boolean;
  readonly work: () => Promise<void>;
}

interface Titled {
  readonly title: string;
  readonly acts: readonly Shown[];
}

/** How an operation ended on each host. */
export type Totals = Readonly<Record<string, HostTotals>>;

const ZERO: HostTotals = { ok: 0, changed: 0, unknown: 0, skipped: 0, failed: 0, unreachable: 0 };
const DEFAULT_TIMEOUT_SECONDS = 30;
/** How long a server may take until it is seen to follow, in milliseconds, and the pause between two looks. */
const FOLLOW_FOR = 15_000;
const PAUSE = 200;

/** The hosts that an operation acts on, in the order of its acts. */
export function hostsOf({ stages }: Operation): readonly string[] {
  return [...new Set(stages.flatMap(({ acts }) => acts.map(({ host }) => host)))];
}

/** Tells what an operation would do, as a dry run does. */
export function announce(operation: Operation, report: Report): Totals {
  const totals = new Map<string, HostTotals>();
  for (const text of operation.warnings) report({ type: 'note', text });
  for (const stage of operation.stages.filter(isNeeded)) {
    started(stage, report);
    for (const act of stage.acts) {
      const status = act.idle === true ? 'ok' : 'changed';
      tell(report, stage.title, act, status);
      totals.set(act.host, count(totals.get(act.host), status));
    }
    ended(stage, report);
  }
  return Object.fromEntries(totals);
}

/** Does an operation, stage by stage, and proves it; undoes it where it fails before writes are taken again. */
export async function perform(options: PerformOptions): Promise<Totals> {
  const { operation, report, signal } = options;
  const totals = new Map<string, HostTotals>();
  let begin: number | undefined;
  let play = operation.title;
  const printed = new Map<string, string>();
  const said: Said = (host, id) => printed.get(`${host} ${id}`) ?? '';
  const settle = (act: Shown, status: TaskStatus, error?: unknown) => {
    totals.set(act.host, count(totals.get(act.host), status));
    tell(report, play, act, status, error === undefined ? undefined : faultReport(error, options.verbose));
  };
  const doAll = async (title: string, jobs: readonly Job[]): Promise<boolean> => {
    play = title;
    started({ title, acts: jobs }, report);
    const results = await Promise.all(
      jobs.map(async (job) => {
        report({ type: 'host-activity', host: job.host, activity: 'task', task: job.summary });
        try {
          await job.work();
          settle(job, job.idle === true ? 'ok' : 'changed');
          return true;
        } catch (error) {
          settle(job, 'failed', error);
          return false;
        }
      }),
    );
    ended({ title, acts: jobs }, report);
    return results.every(Boolean);
  };
  const doStage = ({ title, acts }: Stage): Promise<boolean> =>
    doAll(
      title,
      acts.map((act) => ({
        ...act,
        work: async () => {
          printed.set(`${act.host} ${act.id}`, await doAct(act, said, options));
        },
      })),
    );
  const end = (): Totals => Object.fromEntries(totals);

  for (const text of operation.warnings) report({ type: 'note', text });
  let changed = false;
  for (const stage of operation.stages.filter(isNeeded)) {
    if (signal.aborted && !changed) return end();
    if (stage.onFailure !== 'stop') begin ??= performance.now();
    const done = await doStage(stage);
    changed ||= stage.onFailure !== 'stop';
    if (!done && stage.onFailure === 'stop') return end();
    if (!done && stage.onFailure === 'undo') {
      report({ type: 'note', text: 'going back' });
      let all = true;
      for (const one of operation.undo) {
        const undone = await doStage(one);
        all &&= undone;
        if (undone || one.onFailure !== 'stop') continue;
        report({ type: 'note', text: HALF_WAY });
        return end();
      }
      report({ type: 'note', text: `went back: ${operation.undone}${all ? '' : BUT_NOT_ALL}` });
      return end();
    }
    if (stage.opens !== undefined) {
      const seconds = (performance.now() - (begin ?? performance.now())) / 1000;
      report({ type: 'note', text: `${stage.opens} takes writes, ${seconds.toFixed(2)} s after the first change` });
    }
  }
  const proofs = operation.followers.map((host) => replication(host, options));
  if (proofs.length > 0) await doAll(`See that all follow ${operation.primary}`, proofs);
  return end();
}

const HALF_WAY =
  'it could not go back either: perhaps no server takes writes now. "provision db status" shows how things are, and docs/database.md what to do';

const BUT_NOT_ALL =
  ', but not every server is seen to follow: "provision db status" shows which, and "provision db rejoin HOST" mends it';

async function doAct(act: Act, said: Said, { openSession, signal }: PerformOptions): Promise<string> {
  const { host, input } = act;
  if (input !== undefined) {
    const step = { kind: 'relay', from: input, script: act.script(said), timeoutSeconds: act.timeoutSeconds } as const;
    const stop = await execute({ steps: [{ step, host, user: 'root' }], openSession, signal, onBegin: () => undefined });
    if (stop !== undefined) throw stop.failures[0].error;
    return '';
  }
  const session = await openSession(act.host, 'root');
  const { results } = await session.run([
    { script: act.script(said), timeoutSeconds: act.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS },
  ]);
  const [result] = results;
  if (result?.code === 0) return result.stdout;
  const output = scrub(`${result?.stderr ?? ''}\n${result?.stdout ?? ''}`.trim());
  throw new TaskError(`exit code ${result?.code ?? 255}: ${output.split('\n').at(-1) ?? ''}`, { output });
}

/** Looks until a server follows the new primary with both threads. */
function replication(host: string, { operation, servers, openSession }: PerformOptions): Job {
  const address = servers.find((server) => server.host === operation.primary)?.address;
  const look = async (): Promise<void> => {
    const until = performance.now() + FOLLOW_FOR;
    for (;;) {
      const node = await askOne(mysqlNode({}), await openSession(host, 'root'));
      const channel = node.state === 'running' ? node.channel : undefined;
      const runs = channel?.receiver === 'running' && channel.applier === 'running';
      if (runs && channel.sourceHost === address) return;
      if (performance.now() > until) {
        const error = channel?.receiverError ?? channel?.applierError;
        throw new TaskError(
          `${host} does not replicate from ${operation.primary}${error === undefined ? '' : `: ${describeError(error)}`}`,
          { hint: `have it follow with: provision db rejoin ${host}` },
        );
      }
      await delay(PAUSE);
    }
  };
  return { host, id: 'replication', summary: `replicates from ${operation.primary}`, idle: true, work: look };
}

/** A stage that concerns no host of this group is not worth a word. */
function isNeeded({ acts }: Stage): boolean {
  return acts.length > 0;
}

function started({ title, acts }: Titled, report: Report): void {
  report({ type: 'play-start', play: title, hosts: [...new Set(acts.map(({ host }) => host))] });
}

function ended({ title, acts }: Titled, report: Report): void {
  for (const host of new Set(acts.map((act) => act.host))) report({ type: 'host-end', host, play: title });
}

function tell(
  report: Report,
  play: string,
  { host, id, summary }: Shown,
  status: TaskStatus,
  fault?: ReturnType<typeof faultReport>,
): void {
  const changes = status === 'ok' ? [] : [{ summary }];
  report({ type: 'task', host, play, task: id, id, status, changes, ...(fault === undefined ? {} : { fault }) });
}

function count(totals: HostTotals = ZERO, status: TaskStatus): HostTotals {
  return { ...totals, [status]: totals[status] + 1 };
}
