import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

export function execCommand(cli: Argv): Argv {
  return cli.command(
    'exec <pattern>',
    'Run a shell command on hosts, as root',
    (own) =>
      own
        .usage(
          examples('provision exec PATTERN [OPTIONS] -- COMMAND', [
            'provision exec web -i prod.yml -- uptime',
            "provision exec web -i prod.yml -- 'ls /var/log | wc -l'    # one word: a shell command as it stands",
            'provision exec web -i prod.yml --no-become -- id           # as the login user',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('pattern', { type: 'string', demandOption: true, describe: 'Hosts and groups, as --limit takes them' })
        .options(OPTIONS_OF.exec),
    async (args) => {
      const { exec } = await import('../actions/exec.js');
      process.exitCode = await withProfile(args, () => exec(args, args.pattern, wordsAfterDashes(args)));
    },
  );
}

function wordsAfterDashes(args: object): readonly string[] {
  const words: unknown = '--' in args ? args['--'] : [];
  return Array.isArray(words) ? words.map(String) : [];
}
