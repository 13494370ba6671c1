import { Worker } from 'node:worker_threads';
import { InputError, type SourcePosition } from '../../model/errors.js';
import type { TypeCheckResult } from '../../typecheck/checkTypes.js';
import { rolesOf, templatesOf } from './templates.js';

/** What the thread is asked. */
export interface TypesRequest {
  readonly playbooks: readonly string[];
  readonly modules: readonly string[];
  readonly templates: readonly string[];
}

/** What it answers: errors are no data that travels between threads. */
export interface TypesAnswer {
  readonly modules: readonly string[];
  readonly faults: readonly {
    readonly message: string;
    readonly where: SourcePosition | undefined;
    readonly hint: string | undefined;
  }[];
}

/** Memory for what is new, in MB: a program is built in one go, and little of it is garbage. */
const YOUNG = 96;
/** The native compiler is a program in Go, which is half as much at work where it collects no garbage before it has this much. */
const GO = { GOGC: 'off', GOMEMLIMIT: '1GiB' };

/** The types of playbooks (absolute paths), of the roles beside them and of their templates, checked in a thread of its own. */
export async function typesOf(playbooks: readonly string[]): Promise<TypeCheckResult & { readonly templates: number }> {
  const templates = templatesOf(playbooks);
  const modules = [...new Set([...playbooks, ...rolesOf(playbooks)])];
  const answer = await ask({ playbooks, modules, templates });
  return {
    modules: answer.modules,
    faults: answer.faults.map(({ message, where, hint }) => new InputError(message, { where, hint })),
    templates: templates.length,
  };
}

async function ask(request: TypesRequest): Promise<TypesAnswer> {
  const worker = new Worker(new URL('./typesWorker.js', import.meta.url), {
    workerData: request,
    env: { ...process.env, ...GO },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
  });
  return new Promise<TypesAnswer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`the thread that checks types ended with ${code}`));
    });
  });
}
