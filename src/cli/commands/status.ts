import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

export function statusCommand(cli: Argv): Argv {
  return cli.command(
    'status [pattern]',
    'The site at a glance: virtual address, backends, databases, alerts',
    (own) =>
      own
        .usage(
          examples('provision status [PATTERN] [OPTIONS]', [
            'provision status -i prod.yml                  # exits with 1 where something is wrong',
            'provision status -i prod.yml --output json    # the same for programs, in one line',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('pattern', { type: 'string', default: 'all', describe: 'Hosts and groups, as --limit takes them' })
        .options(OPTIONS_OF.status),
    async (args) => {
      const { status } = await import('../actions/status.js');
      process.exitCode = await withProfile(args, () => status(args, args.pattern));
    },
  );
}
