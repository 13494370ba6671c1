import { randomBytes } from 'node:crypto';
import type { ShellStep, Step } from '../model/change.js';
import type { JobItem } from '../model/session.js';
import { joinText, reveal, type Text } from '../util/secret.js';
import { JOB_FOLDER } from '../transport/scripts.js';
import { stepScript } from './stepScript.js';

/** An item of a job, with the steps that it is of. */
export interface PlannedJobItem extends JobItem {
  /** The steps' places in the list; the first one answers for a failure. */
  readonly of: readonly [number, ...number[]];
  /**
   * `together`: several steps tried as one. `afterwards`: the judgement of a step that was done by an earlier item. `atEnd`:
   * what earlier steps have left to do.
   */
  readonly part: 'together' | 'step' | 'afterwards' | 'atEnd';
}

const DEFAULT_TIMEOUT_SECONDS = 600;

/** What an item that tries several steps as one ends with where doing each by itself would be no use. */
const NO_USE = 75;

/** Whether a step can be part of a job: it needs the shell only. */
export function isJobStep(step: Step): boolean {
  return step.kind === 'shell' || step.kind === 'validated' || (step.kind === 'put' && 'text' in step.content);
}

/** The items that do steps, all of which `isJobStep`, in order. */
export function planJob(steps: readonly Step[]): readonly PlannedJobItem[] {
  const items: PlannedJobItem[] = [];
  let open: PlannedJobItem | undefined;
  for (let next = 0; next < steps.length;) {
    const step = steps[next];
    const { atEnd } = step?.kind === 'shell' ? step : {};
    if (open !== undefined && step?.kind === 'shell' && atEnd !== open.script) {
      items.push(open);
      open = undefined;
    }
    if (atEnd !== undefined) open ??= { script: atEnd, timeoutSeconds: DEFAULT_TIMEOUT_SECONDS, of: [next], part: 'atEnd' };
    const alike = run(steps, next, (first, step) => first.words !== undefined && isSameWork(first, step));
    if (alike.length > 1) {
      items.push(...together(alike, next));
      next += alike.length;
      continue;
    }
    const judged = run(
      steps,
      next,
      (first, step) => first.afterwards !== undefined && step.afterwards !== undefined && step.atEnd === first.atEnd,
    );
    const count = Math.max(1, judged.length);
    for (let index = next; index < next + count; index++) {
      const step = steps[index];
      if (step !== undefined) items.push({ ...timed(step), script: script(step), of: [index], part: 'step' });
    }
    for (const [index, step] of judged.entries()) {
      items.push({ ...timed(step), script: step.afterwards ?? '', of: [next + index], part: 'afterwards' });
    }
    next += count;
  }
  return open === undefined ? items : [...items, open];
}

/** The shell steps from a place on that follow each other and belong to the first. */
function run(
  steps: readonly Step[],
  from: number,
  belongs: (first: ShellStep, step: ShellStep) => boolean,
): readonly ShellStep[] {
  const found: ShellStep[] = [];
  for (const step of steps.slice(from)) {
    if (step.kind !== 'shell' || !belongs(found[0] ?? step, step)) break;
    found.push(step);
  }
  return found;
}

function isSameWork(first: ShellStep, { script, words }: ShellStep): boolean {
  return words !== undefined && reveal(script) === reveal(first.script);
}

/** One try with the words of all, then each by itself where that failed: so an error is of the step that it belongs to. */
function together(steps: readonly ShellStep[], from: number): readonly PlannedJobItem[] {
  const [first] = steps;
  if (first === undefined) return [];
  const words = [...new Set(steps.flatMap((step) => step.words ?? []))];
  const note = `"${JOB_FOLDER}/together-${randomBytes(4).toString('hex')}"`;
  return [
    {
      // A plain subshell: left of || or in an if, sh would ignore its set -e.
      script: joinText([
        'set +e\n( set -e\n',
        script({ ...first, words }),
        `\n)\ncase $? in 0) : >${note} ;; ${NO_USE}) exit ${NO_USE} ;; esac`,
      ]),
      timeoutSeconds: Math.max(...steps.map((step) => timed(step).timeoutSeconds)),
      of: [from, ...steps.slice(1).map((_, index) => from + index + 1)],
      part: 'together',
    },
    ...steps.map((step, index): PlannedJobItem => {
      const alone = joinText([`if [ ! -e ${note} ]; then\n`, script(step), '\nfi']);
      return { ...timed(step), script: alone, of: [from + index], part: 'step' };
    }),
  ];
}

function script(step: Step): Text {
  if (step.kind === 'shell' || step.kind === 'put' || step.kind === 'validated') return stepScript(step);
  throw new Error(`a ${step.kind} step is no part of a job`);
}

function timed(step: Step): { readonly timeoutSeconds: number } {
  return { timeoutSeconds: (step.kind === 'shell' ? step.timeoutSeconds : undefined) ?? DEFAULT_TIMEOUT_SECONDS };
}
