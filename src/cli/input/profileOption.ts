import type { Options } from 'yargs';

/** For every command that connects. */
export const PROFILE_OPTION = {
  profile: {
    group: 'Screen:',
    type: 'boolean',
    default: false,
    describe: 'Say at the end where the time went: on standard error, or with --output json as the last line',
  },
} as const satisfies Record<string, Options>;
