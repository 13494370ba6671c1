import { checkTypes } from '../../typecheck/checkTypes.js';
import type { SourceCache } from '../../typecheck/project.js';
import { templateFinder } from './templates.js';
import type { TypesAnswer, TypesRequest } from './types.js';

/** Checks what is asked. `sources` holds what was parsed before, if anything was. */
export function answerTo({ playbooks, ...options }: TypesRequest, sources?: SourceCache): TypesAnswer {
  const { faults, modules } = checkTypes({ ...options, sources, findTemplate: templateFinder(playbooks) });
  return { modules, faults: faults.map(({ message, where, hint }) => ({ message, where, hint })) };
}
