import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { InputError, PlanRefusedError } from '../../model/errors.js';
import { PLAN_FORMAT, type SavedPlan } from '../../model/savedPlan.js';
import { digestOf } from '../../util/digest.js';

/** Writes a plan to a file that only its owner can read, whole or not at all. Throws InputError. */
export function writePlan(file: string, plan: Omit<SavedPlan, 'digest' | 'format'>): void {
  const content = { format: PLAN_FORMAT, ...plan };
  const whole = { ...content, digest: digestOf(content) };
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, `${JSON.stringify(whole, undefined, 1)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (cause) {
    throw new InputError(`the plan cannot be written to ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
      hint: 'name a file in a folder that you can write to',
    });
  }
}

/** What must be right for the digest to be worth a look. */
const outline = z.looseObject({ format: z.number(), tool: z.string(), digest: z.string() });

/** Reads a plan. Throws InputError where the file is none, PlanRefusedError where it is not as it was written. */
export function readPlan(file: string): SavedPlan {
  const parsed = outline.safeParse(jsonOf(file));
  if (!parsed.success) {
    throw new InputError('this file is no plan', { where: { file }, hint: 'provision plan -o FILE writes one' });
  }
  const { digest, ...content } = parsed.data;
  if (content.format !== PLAN_FORMAT) {
    throw new PlanRefusedError(
      `the plan has format ${content.format}, written by ${content.tool}; this version knows format ${PLAN_FORMAT}`,
      { where: { file }, hint: 'make the plan again with this version: provision plan -o FILE' },
    );
  }
  if (digestOf(content) !== digest || !isPlan(parsed.data)) {
    throw new PlanRefusedError('the plan was changed after it was written: its content and its digest do not agree', {
      where: { file },
      hint: 'make it again; what it shall do is said in the playbook and the inventory, not in the plan',
    });
  }
  return parsed.data;
}

function jsonOf(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InputError(`no plan ${file} can be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The digest has shown that this tool wrote it, so its outline is enough. */
function isPlan(value: object): value is SavedPlan {
  return ['inventory', 'playbook', 'selection', 'events', 'hosts'].every((key) => key in value);
}
