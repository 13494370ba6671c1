import type { FileState } from '../../facts/file.js';
import type { Change, Diff, Step } from '../../model/change.js';
import type { ChangeReport } from '../../model/event.js';
import { scrub, Secret, type Text } from '../../util/secret.js';
import type { FileChange, FilesTouched } from './fileChanges.js';
import { paths, sums } from './fileSums.js';

/** What is known of what a task itself said of files. */
export interface OwnWords {
  /** The paths that the task's own changes name: their own diffs, with secrets masked, tell of them. */
  readonly explained: ReadonlySet<string>;
  /** A step held a secret, so any file that it touched may. */
  readonly secret: boolean;
}

/** What a task did to files beyond what it says itself: sums, then a line and a diff for each file. */
export function fileReports(
  { shown, rest }: FilesTouched,
  { explained, secret }: OwnWords,
  tainted: ReadonlySet<string>,
): readonly ChangeReport[] {
  const told = shown.filter(({ path }) => !explained.has(path));
  return [
    ...paths(told).map((summary) => ({ summary })),
    ...sums(rest.filter(({ path }) => !explained.has(path))).map((summary) => ({ summary })),
    ...told.map((change): ChangeReport => {
      const hidden = secret || tainted.has(change.path);
      const diff = hidden ? undefined : contentDiff(change);
      return { summary: inWords(change, hidden), detail: true, ...(diff === undefined ? {} : { diff }) };
    }),
  ];
}

/** What a task's changes say of files themselves, and whether they hold secrets. */
export function ownWords(changes: readonly Change[]): OwnWords {
  const explained = new Set<string>();
  let secret = false;
  const see = (...texts: readonly (Text | undefined)[]) => {
    secret ||= texts.some((text) => text instanceof Secret);
  };
  for (const { steps, touches = [] } of changes) {
    // What touches more than single paths (a package, an account) says little of them.
    if (touches.every((topic) => /^path:[^*]+$/.test(topic))) for (const topic of touches) explained.add(topic.slice(5));
    for (const step of steps.flatMap(withInner)) {
      if (step.kind === 'put') {
        explained.add(step.path);
        if ('text' in step.content) see(step.content.text);
      } else if (step.kind === 'shell') see(step.script);
      else if (step.kind === 'validated' || step.kind === 'guarded') for (const path of step.paths) explained.add(path);
      else if (step.kind === 'unpack') for (const { path } of step.entries) explained.add(`${step.directory}/${path}`);
    }
  }
  return { explained, secret };
}

/** A step with those that it is made of. */
function withInner(step: Step): readonly Step[] {
  return step.kind === 'validated' || step.kind === 'guarded' ? [...step.steps.flatMap(withInner), step] : [step];
}

function inWords({ path, before, after }: FileChange, hidden: boolean): string {
  const about = `${after.mode} ${after.owner}:${after.group}`;
  if (after.type === 'absent') return `remove ${path}`;
  if (before.type === 'absent') return `create ${path} (${kindOf(after)}, ${about})${notShown(after, hidden)}`;
  if (before.type !== after.type) return `${path}: ${kindOf(before)} → ${kindOf(after)}`;
  const words = [
    ...(before.sha256 === after.sha256 ? [] : [`content${notShown(before, hidden) || notShown(after, hidden)}`]),
    ...(before.target === after.target ? [] : [`link ${before.target ?? ''} → ${after.target ?? ''}`]),
    ...(before.mode === after.mode ? [] : [`mode ${before.mode} → ${after.mode}`]),
    ...(before.owner === after.owner ? [] : [`owner ${before.owner} → ${after.owner}`]),
    ...(before.group === after.group ? [] : [`group ${before.group} → ${after.group}`]),
  ];
  return `${path}: ${words.join(', ')}`;
}

function kindOf({ type, target, size }: FileState): string {
  if (type === 'link') return `link to ${target ?? ''}`;
  return type === 'file' ? `${size} bytes` : type;
}

function notShown(state: FileState, hidden: boolean): string {
  if (state.type !== 'file') return '';
  if (hidden) return ', not shown: the task holds a secret';
  if (state.content === undefined) return ', not shown: not every account may read it';
  return isText(state.content) ? '' : ', not text';
}

/** Both sides, where each is absent or can be shown. */
function contentDiff({ before, after }: FileChange): Diff | undefined {
  if (before.sha256 === after.sha256) return undefined;
  const sides = [before, after].map(sideOf);
  return sides.includes(HIDDEN) ? undefined : { before: sides[0]?.text, after: sides[1]?.text };
}

const HIDDEN = { text: undefined };
const NOTHING = { text: undefined };

function sideOf(state: FileState): { readonly text: string | undefined } {
  if (state.type !== 'file') return NOTHING;
  return state.content === undefined || !isText(state.content) ? HIDDEN : { text: scrub(state.content) };
}

function isText(content: string): boolean {
  return !content.includes('\0') && !content.includes('\uFFFD');
}
