import type { Options } from 'yargs';
import { OUTPUTS } from '../../report/reporter.js';
import { DB_OPTIONS } from './dbOptions.js';
import { GRAPH_OPTIONS, SCHEMA_OPTIONS } from './fileOptions.js';
import { PROFILE_OPTION } from './profileOption.js';
import { REHEARSE_OPTIONS } from './rehearseOptions.js';
import { VALIDATE_OPTIONS } from './validateOptions.js';
import { choice, names, repeated, single, whole } from './values.js';

/**
 * Hosts at a time, where `--forks` does not say: as many as there are, in practice. What costs the controller time, the logins, takes
 * turns by itself; all else is waiting for hosts, which stay connected until the run's end anyway.
 */
export const DEFAULT_FORKS = 1000;

const WHICH = 'Which hosts:';
const LOGIN = 'Login:';
const SCREEN = 'Screen:';
const RUN = 'What is done:';

/** The inventory, and what goes into it. */
export const INVENTORY_OPTIONS = {
  inventory: {
    alias: 'i',
    group: WHICH,
    requiresArg: true,
    type: 'string',
    coerce: single('--inventory'),
    describe:
      'File or folder; a bare name is also looked for in inventory/. Default: $PROVISION_INVENTORY, or the only one there',
  },
  'extra-vars': {
    alias: 'e',
    group: WHICH,
    requiresArg: true,
    type: 'string',
    coerce: repeated('--extra-vars'),
    describe: 'name=value, a YAML or JSON map, or @FILE; wins over the inventory; repeatable',
  },
} as const satisfies Record<string, Options>;

/** Where the passwords of vaulted variables come from. */
export const VAULT_OPTIONS = {
  'vault-password-file': {
    group: LOGIN,
    requiresArg: true,
    type: 'string',
    coerce: repeated('--vault-password-file'),
    describe: 'File, or program, with the password of vaulted variables: FILE or ID@FILE; repeatable',
  },
  'ask-vault-pass': { group: LOGIN, type: 'boolean', default: false, describe: 'Ask for the password of vaulted variables' },
} as const satisfies Record<string, Options>;

/** How hosts are reached. */
export const CONNECTION_OPTIONS = {
  user: {
    alias: 'u',
    group: LOGIN,
    requiresArg: true,
    type: 'string',
    coerce: single('--user'),
    describe: 'Log in as this user',
  },
  'ask-pass': { alias: 'k', group: LOGIN, type: 'boolean', default: false, describe: 'Ask for the login password' },
  'ask-become-pass': { alias: 'K', group: LOGIN, type: 'boolean', default: false, describe: 'Ask for the sudo password' },
  'private-key': {
    group: LOGIN,
    requiresArg: true,
    type: 'string',
    coerce: single('--private-key'),
    describe: 'Key file to log in with',
  },
  'accept-new-host-keys': {
    group: LOGIN,
    type: 'boolean',
    default: false,
    describe: 'Trust and remember hosts that are not in known_hosts yet; a changed key is always refused',
  },
  timeout: {
    group: LOGIN,
    requiresArg: true,
    type: 'string',
    coerce: whole('--timeout', 1, 3600),
    describe: 'Seconds that connecting may take',
  },
  forks: {
    alias: 'f',
    group: WHICH,
    requiresArg: true,
    type: 'string',
    coerce: whole('--forks', 1, 10_000),
    describe: `Hosts at a time, to spare what they share (default: all, up to ${DEFAULT_FORKS})`,
  },
} as const satisfies Record<string, Options>;

export const VERBOSE_OPTION = {
  verbose: { alias: 'v', group: SCREEN, type: 'count', describe: 'Show more: -v what is ok too, -vv stack traces' },
} as const satisfies Record<string, Options>;

/** What a playbook's run takes besides. */
const RUN_OPTIONS = {
  limit: {
    alias: 'l',
    group: WHICH,
    requiresArg: true,
    type: 'string',
    coerce: single('--limit'),
    describe: 'Only hosts of this pattern: web, web-01,lb-01, web:!web-02, web-*',
  },
  check: {
    alias: ['C', 'dry-run'],
    group: RUN,
    type: 'boolean',
    default: false,
    describe: 'Dry run: say what would change, and change nothing',
  },
  diff: { alias: 'D', group: RUN, type: 'boolean', default: false, describe: 'Show each change as a diff' },
  tags: {
    alias: 't',
    group: RUN,
    requiresArg: true,
    type: 'string',
    coerce: names('--tags'),
    describe: 'Only plays and tasks with one of these tags',
  },
  'skip-tags': {
    group: RUN,
    requiresArg: true,
    type: 'string',
    coerce: names('--skip-tags'),
    describe: 'Leave out plays and tasks with one of these tags',
  },
  'start-at-task': {
    group: RUN,
    requiresArg: true,
    type: 'string',
    coerce: single('--start-at-task'),
    describe: "Begin at this task: its name, or kind and subject ('file /etc/hosts')",
  },
  step: { group: RUN, type: 'boolean', default: false, describe: 'Ask before each task that changes something' },
  'list-hosts': { group: RUN, type: 'boolean', default: false, describe: 'Print the hosts of each play, and do nothing' },
  'list-tasks': { group: RUN, type: 'boolean', default: false, describe: 'Print the tasks of each play, and do nothing' },
  'list-tags': { group: RUN, type: 'boolean', default: false, describe: 'Print the tags of each play, and do nothing' },
  output: {
    group: SCREEN,
    requiresArg: true,
    type: 'string',
    coerce: choice('--output', OUTPUTS),
    describe: 'tree (default on a terminal), plain (default elsewhere) or json: an event a line',
  },
  html: {
    group: SCREEN,
    requiresArg: true,
    type: 'string',
    coerce: single('--html'),
    describe: 'Also write a page about it into this file, to look at in a browser',
  },
  'detailed-exitcode': {
    group: SCREEN,
    type: 'boolean',
    default: false,
    describe: 'Exit with 2 where something changed or would change',
  },
} as const satisfies Record<string, Options>;

/** What `ping`, `facts`, `status`, `audit` and `exec` write. */
const RESULT_OPTIONS = {
  output: {
    group: SCREEN,
    requiresArg: true,
    type: 'string',
    coerce: choice('--output', ['plain', 'json'] as const),
    describe: 'plain (default) or json: a line of JSON a host (status, audit: of all)',
  },
} as const satisfies Record<string, Options>;

const AUDIT_OPTIONS = {
  offline: { group: RUN, type: 'boolean', default: false, describe: 'Judge by the inventory and the playbook; contact no host' },
} as const satisfies Record<string, Options>;

const EXEC_OPTIONS = {
  'no-become': { group: RUN, type: 'boolean', default: false, describe: 'Run it as the login user, not as root' },
  'command-timeout': {
    group: RUN,
    requiresArg: true,
    type: 'string',
    coerce: whole('--command-timeout', 1, 86_400),
    describe: 'Seconds that the command may take (default: 600)',
  },
} as const satisfies Record<string, Options>;

/** What a saved plan is made with: a run's options, without those that are of an apply only. */
const PLAN_OPTIONS = {
  out: {
    alias: 'o',
    group: RUN,
    requiresArg: true,
    type: 'string',
    coerce: single('--out'),
    describe: 'Write the plan to this file, readable for its owner only',
  },
} as const satisfies Record<string, Options>;

const APPLY_OPTIONS = {
  report: {
    group: SCREEN,
    requiresArg: true,
    type: 'string',
    coerce: choice('--report', ['parity'] as const),
    describe: 'parity: compare what was done with what was planned, and fail where they differ',
  },
} as const satisfies Record<string, Options>;

const DRIFT_OPTIONS = {
  prune: {
    group: RUN,
    type: 'boolean',
    default: false,
    describe: 'Remove files, units, users and groups that nothing names any more; shows them and asks first',
  },
  yes: { alias: 'y', group: RUN, type: 'boolean', default: false, describe: 'Do not ask: --prune removes what it shows' },
} as const satisfies Record<string, Options>;

const SCREEN_OPTIONS = {
  diff: RUN_OPTIONS.diff,
  output: RUN_OPTIONS.output,
  html: RUN_OPTIONS.html,
} as const satisfies Record<string, Options>;

const SELECTION_OPTIONS = {
  limit: RUN_OPTIONS.limit,
  tags: RUN_OPTIONS.tags,
  'skip-tags': RUN_OPTIONS['skip-tags'],
  'start-at-task': RUN_OPTIONS['start-at-task'],
} as const satisfies Record<string, Options>;

const DETAILED = { 'detailed-exitcode': RUN_OPTIONS['detailed-exitcode'] };

const FORKS = { forks: CONNECTION_OPTIONS.forks };
const REACHING = { ...PROFILE_OPTION, ...CONNECTION_OPTIONS, ...VAULT_OPTIONS };

/** The options of each command, by the command's name, in the order of its help. */
export const OPTIONS_OF = {
  run: { ...INVENTORY_OPTIONS, ...FORKS, ...RUN_OPTIONS, ...VERBOSE_OPTION, ...REACHING },
  plan: {
    ...INVENTORY_OPTIONS,
    ...FORKS,
    ...PLAN_OPTIONS,
    ...SELECTION_OPTIONS,
    ...SCREEN_OPTIONS,
    ...DETAILED,
    ...VERBOSE_OPTION,
    ...REACHING,
  },
  rehearse: {
    ...INVENTORY_OPTIONS,
    ...FORKS,
    ...REHEARSE_OPTIONS,
    ...SELECTION_OPTIONS,
    ...SCREEN_OPTIONS,
    ...DETAILED,
    ...VERBOSE_OPTION,
    ...REACHING,
  },
  show: { ...SCREEN_OPTIONS, ...VERBOSE_OPTION },
  apply: { ...INVENTORY_OPTIONS, ...FORKS, ...SCREEN_OPTIONS, ...DETAILED, ...APPLY_OPTIONS, ...VERBOSE_OPTION, ...REACHING },
  drift: {
    ...INVENTORY_OPTIONS,
    ...FORKS,
    limit: RUN_OPTIONS.limit,
    ...DRIFT_OPTIONS,
    ...SCREEN_OPTIONS,
    ...DETAILED,
    ...VERBOSE_OPTION,
    ...REACHING,
  },
  ping: { ...INVENTORY_OPTIONS, ...FORKS, ...RESULT_OPTIONS, ...VERBOSE_OPTION, ...REACHING },
  facts: { ...INVENTORY_OPTIONS, ...FORKS, ...RESULT_OPTIONS, ...VERBOSE_OPTION, ...REACHING },
  status: { ...INVENTORY_OPTIONS, ...FORKS, ...RESULT_OPTIONS, ...VERBOSE_OPTION, ...REACHING },
  audit: { ...INVENTORY_OPTIONS, ...FORKS, ...AUDIT_OPTIONS, ...RESULT_OPTIONS, ...VERBOSE_OPTION, ...REACHING },
  exec: { ...INVENTORY_OPTIONS, ...FORKS, ...EXEC_OPTIONS, ...RESULT_OPTIONS, ...VERBOSE_OPTION, ...REACHING },
  db: { ...INVENTORY_OPTIONS, ...FORKS, ...DB_OPTIONS, ...DETAILED, ...VERBOSE_OPTION, ...REACHING },
  secrets: {
    out: {
      type: 'string',
      describe: 'A new file for them, readable for its owner only. Default: standard output',
      requiresArg: true,
    },
  },
  schema: SCHEMA_OPTIONS,
  graph: { ...INVENTORY_OPTIONS, ...GRAPH_OPTIONS, ...VERBOSE_OPTION, ...VAULT_OPTIONS },
  validate: {
    ...INVENTORY_OPTIONS,
    ...VALIDATE_OPTIONS,
    output: RESULT_OPTIONS.output,
    ...VERBOSE_OPTION,
    ...VAULT_OPTIONS,
  },
  completion: {},
} as const satisfies Record<string, Record<string, Options>>;
