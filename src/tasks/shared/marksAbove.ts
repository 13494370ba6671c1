import { folderMark } from '../../facts/loaded.js';
import { OPEN_MARK } from '../../facts/marks.js';
import { predictFrom, type Prediction } from '../../model/fact.js';
import { ancestors } from './paths.js';

/**
 * The marks of the folders above a path whose content a change alters: other ones, or (of what was changed by hand and
 * comes back) those that a running process has loaded. So they are left open.
 * @param by what the change is called where it decides about another
 */
export function openMarksAbove(path: string, by: string): readonly Prediction[] {
  return ancestors(path).map((folder) => folderMark(`${folder}/`).predict(`${OPEN_MARK}${by}`));
}

/** The marks of the folders above a path of which a change alters only owner or mode: what they were. */
export function sameMarksAbove(path: string): readonly Prediction[] {
  return ancestors(path).map((folder) => predictFrom(folderMark(`${folder}/`), (value) => ({ value })));
}
