import { parentPort, workerData } from 'node:worker_threads';
import { answerTo } from './answer.js';
import type { TypesRequest } from './types.js';

/** The compiler's thread: it checks the types while the other one checks the hosts. */
parentPort?.postMessage(answerTo(workerData as TypesRequest));
