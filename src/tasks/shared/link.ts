import { ABSENT, type FileState } from '../../facts/file.js';
import { sh, type Change } from '../../model/change.js';
import { PlanError } from '../../model/errors.js';
import { quote } from '../../util/shell.js';
import { openMarksAbove } from './marksAbove.js';
import { onceKnown, predictFile } from './textFile.js';

/** A symbolic link that is wanted. */
export interface WantedLink {
  readonly path: string;
  readonly target: string;
  /** Whether it may take a file's place. */
  readonly force: boolean;
}

/** What must change for a link to lead there. It is renamed into place: there is no moment without a link. */
export function planLink({ path, target, force }: WantedLink, now: FileState): readonly Change[] {
  if (now.type !== 'absent' && now.type !== 'link' && !(now.type === 'file' && force)) throw inTheWay(path, now);
  if (now.type === 'link' && now.target === target) return [];
  const after: FileState = { type: 'link', mode: '0777', owner: 'root', group: 'root', size: Buffer.byteLength(target), target };
  const summaries = {
    absent: `create, to ${target}`,
    link: `${now.target ?? ''} → ${target}`,
    file: `replace file by link to ${target}`,
  };
  const temporary = quote(`${path}.provision-new`);
  return onceKnown(now, [
    {
      summary: summaries[now.type],
      diff: { before: textOf(now), after: `-> ${target}\n` },
      steps: [sh(`ln -sfn -- ${quote(target)} ${temporary}\nmv -fT -- ${temporary} ${quote(path)}`)],
      touches: [`path:${path}/**`],
      creates: now.type === 'absent' ? [`path:${path}`] : [],
      predicts: [predictFile({ path }, after), ...openMarksAbove(path, path)],
    },
  ]);
}

/** What must change for neither a file nor a link to be at a path. */
export function planNoFile(path: string, now: FileState): readonly Change[] {
  if (now.type === 'absent') return [];
  if (now.type === 'directory') {
    throw new PlanError(`${path} is a directory, not a file or a link`, { hint: "use directory({ …, state: 'absent' })" });
  }
  return onceKnown(now, [
    {
      summary: now.type === 'link' ? `remove link to ${now.target ?? ''}` : 'remove',
      diff: { before: textOf(now), after: undefined },
      steps: [sh(`rm -f -- ${quote(path)}`)],
      touches: [`path:${path}/**`],
      predicts: [predictFile({ path }, ABSENT), ...openMarksAbove(path, path)],
    },
  ]);
}

function textOf(now: FileState): string | undefined {
  return now.type === 'link' ? `-> ${now.target ?? ''}\n` : now.content;
}

function inTheWay(path: string, now: FileState): PlanError {
  const what = now.type === 'other' ? 'special file' : now.type;
  return new PlanError(`${path} is a ${what}, not a link`, {
    hint: now.type === 'file' ? 'force: true replaces a file; or name another path' : 'remove it first, or name another path',
  });
}
