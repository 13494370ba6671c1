import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { sh, type GuardedStep } from '../model/change.js';
import { ProvisionError, TaskError, UnreachableError } from '../model/errors.js';
import type { Session } from '../model/session.js';
import { GUARD_DIRECTORY } from '../facts/unconfirmed.js';
import { DeniedError } from '../transport/connect/failure.js';
import { armScript, confirmLeftScript, confirmScript, guardId, stateScript, undoNow, type GuardState } from './guardScripts.js';
import { planJob } from './jobPlan.js';
import { stepFault } from './stepFault.js';

/** Where and as whom a guarded step runs. */
interface Place {
  readonly host: string;
  readonly user: string;
  readonly signal: AbortSignal;
}

/** The host's timer may be this much later than the controller's clock says, in milliseconds. */
const MARGIN = 2000;
const PAUSE = 500;
/** How long a host that undoes a change may take to answer again, in milliseconds. */
const RETURN = 60_000;
/** What refusals are borne, and the pause after one, in milliseconds. A refused login weighs 2, one without a root shell 1. */
const ONCE = { refusals: 2, pause: PAUSE };
/** Of a host that is about to undo its change, or boots: it lets nobody in yet, and may ban who asks too often. */
const PATIENT = { refusals: 20, pause: 3000 };
/** For what an interrupted run has left: nobody knows how soon its timer comes. In milliseconds. */
const LEFT = 10_000;

/**
 * Does steps that could lock everybody out. A timer on the host undoes them unless a new login confirms them; where none
 * can be made, it waits until the old state is back, and the step has failed.
 */
export async function guarded(step: GuardedStep, session: Session, place: Place): Promise<ProvisionError | undefined> {
  const { again } = session;
  // In a copy of the host: nobody can log in there, nor be locked out.
  if (again === undefined) return await attempt(session, step.steps);
  if (place.user !== 'root') {
    return new TaskError(`it asks for a confirmed login, and runs as ${place.user}`, { hint: 'only root can undo it in time' });
  }
  if (step.steps.length === 0) {
    const seen = await confirm(again, confirmLeftScript(step.name), Date.now() + LEFT, place.signal);
    return seen.state === 'confirmed'
      ? undefined
      : locked(seen.why, place.host, 'the host undoes what is not confirmed by itself');
  }
  const id = guardId(step.name, randomBytes(6).toString('hex'));
  const effect = step.effect === undefined ? [] : [sh(step.effect)];
  const begun = Date.now();
  const undone = begun + step.seconds * 1000;
  try {
    const failed = await attempt(session, [sh(armScript(step, id)), ...step.steps, ...effect]);
    if (failed !== undefined) {
      await session.read([undoNow(id)]);
      return failed;
    }
  } catch (error) {
    // Its connection is gone, and with the new state in effect no other can be made.
    if (!(error instanceof UnreachableError)) throw error;
    return await backAgain(again, id, { host: place.host, why: error.message, begun, undone });
  }
  const seen = await confirm(again, confirmScript(id), undone - MARGIN, place.signal);
  if (seen.state === 'confirmed') return undefined;
  // The open connection may still work: then nobody need wait for the timer.
  await Promise.race([session.read([undoNow(id)]).catch(() => undefined), delay(undone + MARGIN - Date.now())]);
  return await backAgain(again, id, { host: place.host, why: seen.why, begun, undone });
}

/** Runs shell steps as one job. */
async function attempt(session: Session, steps: GuardedStep['steps']): Promise<TaskError | undefined> {
  const items = planJob(steps);
  const { results } = await session.run(items);
  const [item, result] = [items[results.length - 1], results.at(-1)];
  return item === undefined || result === undefined || result.code === 0 ? undefined : stepFault(item.script, result);
}

/** The login was fine, and then there was no root shell: sudo refuses it. */
class NoShell extends UnreachableError {}

interface Seen {
  /** What the script said; undefined where there was no login. */
  readonly state: GuardState | undefined;
  readonly why: string;
  readonly rest: string;
}

type Again = NonNullable<Session['again']>;

/** Logs in anew until it succeeds or it is too late, and runs a script that tells how a guard stands. */
async function confirm(again: Again, script: string, end: number, signal?: AbortSignal, borne = ONCE): Promise<Seen> {
  let why = 'there was no time for it';
  let refusals = 0;
  while (Date.now() < end && signal?.aborted !== true) {
    let pause = PAUSE;
    try {
      return await inTime(look(again, script, end), end);
    } catch (error) {
      if (!(error instanceof ProvisionError)) throw error;
      why = error.message;
      // Who is refused is refused again, and in the end banned.
      const weight = error instanceof DeniedError ? 2 : error instanceof NoShell ? 1 : 0;
      refusals += weight;
      if (refusals >= borne.refusals) break;
      if (weight > 0) pause = borne.pause;
    }
    await delay(pause, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
  return { state: undefined, why: signal?.aborted === true ? 'it was interrupted' : why, rest: '' };
}

async function look(again: Again, script: string, end: number): Promise<Seen> {
  const fresh = await again(Math.max(1, Math.ceil((end - Date.now()) / 1000)));
  try {
    const [result] = await fresh.read([script]).catch((error: unknown) => {
      throw error instanceof UnreachableError ? new NoShell(error.message, { cause: error }) : error;
    });
    const [state = '', ...rest] = (result?.stdout ?? '').split('\n');
    return { state: state as GuardState, why: `it came too late: the change is ${state}`, rest: rest.join('\n').trim() };
  } finally {
    void fresh.close().catch(() => undefined);
  }
}

/** A login whose answers are lost hangs: it is given up at the end. */
async function inTime<T>(work: Promise<T>, end: number): Promise<T> {
  const timer = new AbortController();
  const late = delay(Math.max(0, end - Date.now()), undefined, { signal: timer.signal }).then(() => {
    throw new UnreachableError('a new login did not get an answer in time');
  });
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

interface Lost {
  readonly host: string;
  readonly why: string;
  readonly begun: number;
  readonly undone: number;
}

/** Waits until the host has undone a change and can be logged in to again. */
async function backAgain(again: Again, id: string, { host, why, begun, undone }: Lost): Promise<TaskError> {
  const end = undone + RETURN;
  let seen: Seen = { state: undefined, why, rest: '' };
  while (Date.now() < end) {
    seen = await confirm(again, stateScript(id), end, undefined, PATIENT);
    if (seen.state !== 'armed' && seen.state !== 'undoing') break;
    await delay(PAUSE);
  }
  const seconds = ((Date.now() - begun) / 1000).toFixed(1);
  if (seen.state === 'undone' && seen.rest === '') {
    return locked(why, host, `the old state is back after ${seconds} s, and a new login works again`);
  }
  if (seen.state === 'undone') return locked(why, host, `a new login works again after ${seconds} s, but: ${seen.rest}`);
  if (seen.state === 'none')
    return locked(why, host, `the host knows nothing of it any more (${GUARD_DIRECTORY} is empty): see what state it is in`);
  return locked(why, host, `nor did one after ${seconds} s, when its timer had undone the change: see its console (${seen.why})`);
}

function locked(why: string, host: string, outcome: string): TaskError {
  return new TaskError(`after this change no new login to ${host} confirmed it (${why}); ${outcome}`, {
    hint: 'it would have locked you out: see what it does to your address, account, key or sudo rights, and run again',
  });
}
