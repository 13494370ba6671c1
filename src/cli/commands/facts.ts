import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

export function factsCommand(cli: Argv): Argv {
  return cli.command(
    'facts <host>',
    'Say what a host is: system, memory, addresses, disks, services',
    (own) =>
      own
        .usage(
          examples('provision facts HOST [OPTIONS]', [
            'provision facts lb-01 -i prod.yml                # as YAML',
            'provision facts web -i prod.yml --output json    # a line a host',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('host', { type: 'string', demandOption: true, describe: 'A host, or a pattern as --limit takes it' })
        .options(OPTIONS_OF.facts),
    async (args) => {
      const { facts } = await import('../actions/facts.js');
      process.exitCode = await withProfile(args, () => facts(args, args.host));
    },
  );
}
