import type { FileState, FileParams } from '../../facts/file.js';
import { fileState } from '../../facts/file.js';
import { NotYetKnown, sh, type Change, type PutStep } from '../../model/change.js';
import { PlanError } from '../../model/errors.js';
import type { Read } from '../../model/fact.js';
import { textDiff } from '../../util/diff.js';
import { sha256 } from '../../util/hash.js';
import { reveal, type Text } from '../../util/secret.js';
import { openMarksAbove, sameMarksAbove } from './marksAbove.js';
import { ownershipDifferences, ownershipScript, withOwnership, type Ownership } from './ownership.js';

/** A file whose whole text is known. */
export interface WantedFile extends Ownership {
  readonly path: string;
  readonly text: Text;
  /** A command that judges the new content first; `%s` is the temporary file. */
  readonly validate?: string | undefined;
}

/** The read that `planTextFile` plans on: the content comes along only where it differs. */
export function readTextFile(path: string, text: Text): Read<FileState> {
  return fileState({ path, contentUnless: [sha256(reveal(text))] });
}

/** What must change for a file to have exactly this text, owner and mode. Several kinds come down to this. */
export function planTextFile(wanted: WantedFile, now: FileState): readonly Change[] {
  const { path, text } = wanted;
  if (now.type === 'directory' || now.type === 'other') {
    throw new PlanError(`${path} is a ${now.type === 'directory' ? 'directory' : 'special file'}, not a file`, {
      hint: 'remove it, or name another path',
    });
  }
  const hash = sha256(reveal(text));
  const differences = now.type === 'file' ? ownershipDifferences(wanted, now) : [];
  const after: FileState = {
    type: 'file',
    ...withOwnership(wanted, now.type === 'file' ? now : { ...now, type: 'absent' }, '0644'),
    size: Buffer.byteLength(reveal(text)),
    sha256: hash,
    content: reveal(text),
  };
  const same = now.type === 'file' && now.sha256 === hash;
  const marks = same ? sameMarksAbove(path) : openMarksAbove(path, path);
  const rest = { touches: [`path:${path}`] as const, predicts: [predictFile({ path }, after), ...marks] };
  if (same) {
    if (differences.length === 0) return [];
    return [{ summary: differences.join(', '), steps: [sh(ownershipScript(path, wanted))], ...rest }];
  }
  if (now.contentFrom !== undefined) {
    return onceKnown(now, [
      { summary: ['content', ...differences].join(', '), diff: textDiff(undefined, text), steps: [put(wanted)], ...rest },
    ]);
  }
  const words =
    now.type === 'file' ? ['content', ...differences] : [now.type === 'link' ? `replace link to ${now.target ?? ''}` : 'create'];
  return [
    {
      summary: words.join(', '),
      diff: textDiff(now.type === 'file' ? (now.content ?? `(${now.size} bytes)`) : undefined, text),
      steps: [put(wanted)],
      creates: now.type === 'absent' ? [`path:${path}`] : [],
      ...rest,
    },
  ];
}

function put({ path, text, owner, group, mode, validate }: WantedFile): PutStep {
  return { kind: 'put', path, content: { text }, owner, group, mode, validate };
}

/** Changes to a file whose diff needs its content: known after apply where an earlier task of the run brings that. */
export function onceKnown(now: FileState, changes: readonly Change[]): readonly Change[] {
  if (now.contentFrom !== undefined) throw new NotYetKnown(now.contentFrom, changes);
  return changes;
}

/** The prediction that a path will be as stated. */
export function predictFile(params: FileParams, after: FileState) {
  return fileState(params).predict(after);
}
