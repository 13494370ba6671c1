import { parentPort, workerData } from 'node:worker_threads';
import { checkTypes } from '../../typecheck/checkTypes.js';
import { templateFinder } from './templates.js';
import type { TypesRequest, TypesAnswer } from './types.js';

/** The compiler's thread: it checks the types while the other one checks the hosts. */
const { playbooks, ...options } = workerData as TypesRequest;
const { faults, modules } = checkTypes({ ...options, findTemplate: templateFinder(playbooks) });
const answer: TypesAnswer = { modules, faults: faults.map(({ message, where, hint }) => ({ message, where, hint })) };
parentPort?.postMessage(answer);
