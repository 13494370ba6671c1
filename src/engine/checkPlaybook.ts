import { InputError } from '../model/errors.js';
import type { AnyPlaybook } from '../model/playbook.js';
import type { Task } from '../model/task.js';
import { placeOfLiteral } from '../util/literalPlace.js';
import { didYouMean } from '../util/names.js';
import { isSpecialTag } from './tags.js';

/** What is wrong with a playbook whatever the inventory: plays for groups, and with tags, that it does not declare. */
export function playbookFaults({ groups, plays, tags }: AnyPlaybook, file: string): readonly InputError[] {
  return plays.flatMap((play) => [
    ...play.hosts
      .filter((group) => group !== 'all' && !groups.includes(group))
      .map((group) => {
        const near = didYouMean(group, [...groups, 'all']);
        return new InputError(`the play "${play.name}" is for the group "${group}", which the playbook does not declare${near}`, {
          where: placeOfLiteral(file, group, { after: play.name }),
          hint: near === '' ? `its groups: ${groups.join(', ') || 'none'}; add it there, or name one of them` : undefined,
        });
      }),
    ...play.tags
      .filter((tag) => isUndeclared(tag, tags))
      .map((tag) => undeclared(`the play "${play.name}"`, tag, tags ?? [], placeOfLiteral(file, tag, { after: play.name }))),
  ]);
}

/** Tags of a task that its playbook does not declare. */
export function tagFaults(task: Task, tags: readonly string[] | undefined): readonly InputError[] {
  return task.tags
    .filter((tag) => isUndeclared(tag, tags))
    .map((tag) => {
      const where = task.origin === undefined ? undefined : placeOfLiteral(task.origin.file, tag, { line: task.origin.line });
      return undeclared(task.id, tag, tags ?? [], where);
    });
}

function isUndeclared(tag: string, tags: readonly string[] | undefined): boolean {
  return tags !== undefined && !tags.includes(tag) && !isSpecialTag(tag);
}

function undeclared(who: string, tag: string, tags: readonly string[], where: InputError['where']): InputError {
  const near = didYouMean(tag, tags);
  return new InputError(`${who} has the tag "${tag}", which the playbook does not declare${near}`, {
    where,
    hint: near === '' ? `add it to the playbook's "tags" (${tags.join(', ')})` : undefined,
  });
}
