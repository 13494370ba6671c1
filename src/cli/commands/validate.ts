import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';

export function validateCommand(cli: Argv): Argv {
  return cli.command(
    'validate [playbook..]',
    'Check playbooks, templates and inventories, with their types; needs no network',
    (own) =>
      own
        .usage(
          examples('provision validate [PLAYBOOK..] [OPTIONS]', [
            'provision validate                       # playbooks/site.ts with every inventory of inventory/',
            'provision validate -i prod.yml           # with this inventory',
            'provision validate --output json         # for editors and a CI',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('playbook', { type: 'string', array: true, describe: 'Playbook files. Default: playbooks/site.ts' })
        .options(OPTIONS_OF.validate),
    async (args) => {
      const { validate } = await import('../actions/validate.js');
      process.exitCode = await validate(args, args.playbook ?? []);
    },
  );
}
