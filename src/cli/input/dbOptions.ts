import type { Options } from 'yargs';
import { choice, single, whole } from './values.js';

const RUN = 'What is done:';
const SCREEN = 'Screen:';

/** What `provision db` can do. */
export const DB_OPERATIONS = ['status', 'switchover', 'failover', 'rejoin', 'backup', 'backups', 'restore'] as const;

/** What `provision db` takes besides an inventory and a login. */
export const DB_OPTIONS = {
  playbook: {
    group: RUN,
    requiresArg: true,
    type: 'string',
    coerce: single('--playbook'),
    describe: 'The playbook whose database servers they are. Default: playbooks/site.ts',
  },
  check: {
    alias: ['C', 'dry-run'],
    group: RUN,
    type: 'boolean',
    default: false,
    describe: 'Dry run: say what would be done, and change nothing',
  },
  yes: { alias: 'y', group: RUN, type: 'boolean', default: false, describe: 'Do not ask before it is done' },
  force: {
    group: RUN,
    type: 'boolean',
    default: false,
    describe: 'Do what may lose data: switch to a replica that is behind, replace a primary that still answers',
  },
  reclone: {
    group: RUN,
    type: 'boolean',
    default: false,
    describe: 'rejoin: throw away what the server has, and copy all from the primary, where it has transactions of its own',
  },
  file: {
    group: RUN,
    requiresArg: true,
    type: 'string',
    coerce: single('--file'),
    describe: 'restore: the backup, as "provision db backups" names it. Default: the newest one',
  },
  'max-lag': {
    group: RUN,
    requiresArg: true,
    type: 'string',
    coerce: whole('--max-lag', 0, 86_400),
    describe: 'switchover: seconds that the new primary may be behind (default: 5)',
  },
  wait: {
    group: RUN,
    requiresArg: true,
    type: 'string',
    coerce: whole('--wait', 1, 3600),
    describe: 'Seconds that writes may stay closed until all is applied (default: 10; failover: 60)',
  },
  output: {
    group: SCREEN,
    requiresArg: true,
    type: 'string',
    coerce: choice('--output', ['tree', 'plain', 'json'] as const),
    describe: 'tree (default on a terminal), plain (default elsewhere) or json; status: a table, or a line of JSON a server',
  },
} as const satisfies Record<string, Options>;
