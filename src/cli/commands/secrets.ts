import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';

export function secretsCommand(cli: Argv): Argv {
  return cli.command(
    'secrets [playbook]',
    'Make a random value for each secret variable of a playbook, and a certificate authority',
    (own) =>
      own
        .usage(
          examples('provision secrets [PLAYBOOK] [--out FILE]', [
            'provision secrets --out inventory/group_vars/all/secrets.yml   # a new file that only you can read',
            'provision secrets | ansible-vault encrypt --output inventory/group_vars/all/secrets.yml',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('playbook', { type: 'string', describe: 'Default: playbooks/site.ts' })
        .options(OPTIONS_OF.secrets),
    async (args) => {
      const { secrets } = await import('../actions/secrets.js');
      process.exitCode = await secrets(args.playbook, args.out);
    },
  );
}
