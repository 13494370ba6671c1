import { parentPort, workerData } from 'node:worker_threads';
import { InputError } from '../../model/errors.js';
import { checkTypes } from '../../typecheck/checkTypes.js';
import { templateFinder } from './templates.js';
import type { TypesAnswer, TypesRequest } from './types.js';

/** The thread that waits for the compiler: it checks the types while the other one checks the hosts. */
function answerTo({ playbooks, ...options }: TypesRequest): TypesAnswer {
  try {
    const { faults, modules } = checkTypes({ ...options, findTemplate: templateFinder(playbooks) });
    return { modules, faults: faults.map(told) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { modules: [], faults: [told(error)] };
  }
}

function told({ message, where, hint }: InputError): TypesAnswer['faults'][number] {
  return { message, where, hint };
}

parentPort?.postMessage(answerTo(workerData as TypesRequest));
