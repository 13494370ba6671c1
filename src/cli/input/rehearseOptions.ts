import type { Options } from 'yargs';
import { names, single } from './values.js';

/** What `rehearse` takes besides a run's choice of hosts and tasks. */
export const REHEARSE_OPTIONS = {
  paths: {
    group: 'What is done:',
    requiresArg: true,
    type: 'string',
    coerce: names('--paths'),
    describe: "Files to compare exactly, as patterns with commas between; others are summed up (default: '/etc/**')",
  },
  scratch: {
    group: 'What is done:',
    requiresArg: true,
    type: 'string',
    coerce: single('--scratch'),
    describe: 'A folder on each host for what the rehearsal writes, such as /var/tmp; it is emptied at its end. Default: memory',
  },
} as const satisfies Record<string, Options>;
