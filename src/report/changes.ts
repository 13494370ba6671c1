import type { ChangeReport, RunEvent } from '../model/event.js';
import type { Colours, Paint } from './colours.js';
import { packageWords } from './packages.js';
import { oneLine } from './text.js';
import { unifiedDiff, type DiffLine } from './unified.js';

export type TaskEvent = Extract<RunEvent, { type: 'task' }>;

/**
 * What changes, on one line: `template /etc/motd — content, mode 0644 → 0640`. Where a table of the packages follows,
 * their names and versions need not be said here.
 */
export function taskSentence(
  event: Pick<TaskEvent, 'task' | 'status' | 'changes'>,
  options: { readonly table?: boolean } = {},
): string {
  const what = taskWords(event, options);
  return what === '' ? oneLine(event.task) : `${oneLine(event.task)} — ${what}`;
}

/** The same without the task's name. */
export function taskWords(
  { status, changes }: Pick<TaskEvent, 'status' | 'changes'>,
  { table = false }: { readonly table?: boolean } = {},
): string {
  const what = changes
    .filter(({ detail }) => detail !== true)
    .map(({ summary, packages }) => (table && packages !== undefined ? packageWords(packages) : oneLine(summary)))
    .join(', ');
  return what !== '' && status === 'unknown' ? `as things stand: ${what}` : what;
}

/**
 * The diffs of a task's changes, painted, each headed by its summary where there are several. A detail is told even
 * where it has no diff: no line above names it. Packages have a table in place of a diff.
 */
export function diffLines(changes: readonly ChangeReport[], colours: Colours): readonly string[] {
  const shown = shownDiffs(changes);
  return shown.flatMap(({ summary, lines }) => [
    ...(shown.length > 1 ? [colours.dim(`${summary}${lines.length === 0 ? '' : ':'}`)] : []),
    ...lines.map((line) => paintOf(line, colours)(line.text)),
  ]);
}

/** What of a task's changes is shown as a diff, or named below the task. */
export function shownDiffs(
  changes: readonly ChangeReport[],
): readonly { readonly summary: string; readonly lines: readonly DiffLine[] }[] {
  return changes.flatMap(({ summary, diff, detail, packages }) => {
    if (packages !== undefined || (diff === undefined && detail !== true)) return [];
    return [{ summary: oneLine(summary), lines: diff === undefined ? [] : unifiedDiff(diff) }];
  });
}

function paintOf({ kind }: DiffLine, colours: Colours): Paint {
  switch (kind) {
    case 'added':
      return colours.green;
    case 'removed':
      return colours.red;
    case 'hunk':
      return colours.cyan;
    case 'note':
      return colours.dim;
    case 'same':
      return String;
  }
}

/**
 * Remembers which diffs were shown, so that the fiftieth host with the same change points to the first instead of
 * repeating it. Gives the name of that first host, or undefined where this change is new.
 */
export function repetitions(): (event: TaskEvent) => string | undefined {
  const seen = new Map<string, string>();
  return ({ host, id, changes }) => {
    if (changes.every((change) => change.diff === undefined)) return undefined;
    const key = JSON.stringify([id, changes]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, host);
    return first;
  };
}
