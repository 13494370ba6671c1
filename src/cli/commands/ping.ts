import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

export function pingCommand(cli: Argv): Argv {
  return cli.command(
    'ping [pattern]',
    'Log in, become root, and say how long it took',
    (own) =>
      own
        .usage(
          examples('provision ping [PATTERN] [OPTIONS]', [
            'provision ping -i prod.yml                # every host',
            'provision ping web -i prod.yml            # the hosts of a group',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('pattern', { type: 'string', default: 'all', describe: 'Hosts and groups, as --limit takes them' })
        .options(OPTIONS_OF.ping),
    async (args) => {
      const { ping } = await import('../actions/ping.js');
      process.exitCode = await withProfile(args, () => ping(args, args.pattern));
    },
  );
}
