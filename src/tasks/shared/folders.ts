import { isFolder } from '../../facts/folder.js';
import { Unprepared, type Change } from '../../model/change.js';
import { predictFrom, type Prediction, type Read } from '../../model/fact.js';
import type { Topic } from '../../model/topic.js';
import { ancestors, parentOf } from './paths.js';

/** What a change touches that may make folders which nobody has named. */
export const ANY_FOLDER: Topic = 'folders:any';

/** With `ANY_FOLDER`: such a change removes none. */
export const FOLDERS_STAY: Prediction = predictFrom(isFolder.every(), (there) => (there ? { value: true } : undefined));

/** The prediction that a folder is there, with all above it. */
export function folderThere(path: string): readonly Prediction[] {
  return [...ancestors(path), path].map((one) => isFolder(one).predict(true));
}

/** Whether there is a folder for what is to stand at a path. */
export function folderFor(path: string): Read<boolean> {
  return isFolder(parentOf(path));
}

/**
 * Changes that put something at a path, where there is a folder for it.
 * @throws Unprepared where there is none
 */
export function withFolder(path: string, there: boolean, changes: readonly Change[]): readonly Change[] {
  if (there || changes.length === 0) return changes;
  const parent = parentOf(path);
  throw new Unprepared(
    `there is no folder ${parent} on this host`,
    `make it before with directory({ path: '${parent}' })`,
    changes,
  );
}
