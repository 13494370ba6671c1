import type { Options } from 'yargs';
import { repeated } from './values.js';

/** What `validate` takes otherwise than a run. */
export const VALIDATE_OPTIONS = {
  inventory: {
    alias: 'i',
    group: 'Which hosts:',
    requiresArg: true,
    type: 'string',
    coerce: repeated('--inventory'),
    describe: 'File or folder; repeatable. Default: $PROVISION_INVENTORY, or every file in inventory/',
  },
  'with-secrets': {
    group: 'What is done:',
    type: 'boolean',
    default: false,
    describe: 'Have every secret, as a run does (!env, !vault, !command); without it stand-ins are used for those not at hand',
  },
} as const satisfies Record<string, Options>;
