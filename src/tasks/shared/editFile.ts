import { z } from 'zod';
import { CONTENT_LIMIT, fileState, type FileState } from '../../facts/file.js';
import { NotYetKnown, type Change } from '../../model/change.js';
import { PlanError } from '../../model/errors.js';
import type { Read } from '../../model/fact.js';
import { sha256 } from '../../util/hash.js';
import type { Text } from '../../util/secret.js';
import { planTextFile, type WantedFile } from './textFile.js';

/** A regular expression's source, matched against each line on its own. */
export const linePattern = z.string().refine(compiles, 'expected a regular expression');

function compiles(source: string): boolean {
  try {
    return Boolean(new RegExp(source));
  } catch {
    return false;
  }
}

/** The read that `planEdit` plans on: always with the content. */
export function readForEdit(path: string): Read<FileState> {
  return fileState({ path, contentUnless: [] });
}

export interface Edit extends Omit<WantedFile, 'text'> {
  /** Whether a missing file is made. */
  readonly create: boolean;
  /** What becomes of its text; pure. */
  change(text: string): Text;
}

/** What must change for a part of a file's text to be as wanted, its other parts as they are. */
export function planEdit(edit: Edit, now: FileState): readonly Change[] {
  if (now.type === 'absent') {
    if (!edit.create) {
      throw new PlanError(`${edit.path} is not there`, {
        hint: 'create: true makes it; or let an earlier task (a package, say) bring it',
      });
    }
    return planTextFile({ ...edit, text: edit.change('') }, now);
  }
  if (now.type === 'link') {
    throw new PlanError(`${edit.path} is a link to ${now.target ?? 'somewhere'}, not a file`, {
      hint: 'name the file that it leads to',
    });
  }
  if (now.contentFrom !== undefined) throw new NotYetKnown(now.contentFrom);
  return planTextFile({ ...edit, text: edit.change(now.type === 'file' ? textOf(edit.path, now) : '') }, now);
}

function textOf(path: string, now: FileState): string {
  if (now.size > CONTENT_LIMIT || now.content === undefined) {
    throw new PlanError(`${path} has ${now.size} bytes; files over ${CONTENT_LIMIT} bytes are not edited by line`, {
      hint: 'write the whole file with a template or file task, or use a command',
    });
  }
  if (sha256(now.content) !== now.sha256 || now.content.includes('\0')) {
    throw new PlanError(`${path} is not UTF-8 text, so it cannot be edited by line`, { hint: 'name another file' });
  }
  return now.content;
}
