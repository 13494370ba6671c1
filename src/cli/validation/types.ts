import { Worker } from 'node:worker_threads';
import { InputError, type SourcePosition } from '../../model/errors.js';
import { unchangedResult, type TypeCheckResult } from '../../typecheck/checkTypes.js';
import { cacheFolder } from '../../util/cacheFolder.js';
import { packageVersion } from '../version.js';
import { askPrepared, prepareForNextTime } from './prepared.js';
import { rolesOf, templatesOf } from './templates.js';

/** What the compiler's thread is asked. */
export interface TypesRequest {
  readonly playbooks: readonly string[];
  readonly modules: readonly string[];
  readonly templates: readonly string[];
  readonly cacheFolder: string;
  readonly version: string;
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

/**
 * The types of playbooks (absolute paths), of the roles beside them and of their templates, checked in a thread of its own.
 * Where nothing has changed since a check without faults, that is the answer.
 */
export async function typesOf(playbooks: readonly string[]): Promise<TypeCheckResult & { readonly templates: number }> {
  const request: TypesRequest = {
    playbooks,
    modules: [...new Set([...playbooks, ...rolesOf(playbooks)])],
    templates: templatesOf(playbooks),
    cacheFolder: cacheFolder(),
    version: packageVersion(),
  };
  return { ...(unchangedResult(request) ?? resultOf(await ask(request))), templates: request.templates.length };
}

function resultOf({ modules, faults }: TypesAnswer): TypeCheckResult {
  return { modules, faults: faults.map(({ message, where, hint }) => new InputError(message, { where, hint })) };
}

async function ask(request: TypesRequest): Promise<TypesAnswer> {
  const prepared = await askPrepared(request);
  if (prepared !== undefined) return prepared;
  const answer = await askThread(request);
  prepareForNextTime(request);
  return answer;
}

async function askThread(request: TypesRequest): Promise<TypesAnswer> {
  const worker = new Worker(new URL('./typesWorker.js', import.meta.url), {
    workerData: request,
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
