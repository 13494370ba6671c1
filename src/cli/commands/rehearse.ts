import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

/** `provision rehearse [PLAYBOOK..]`: a dry run that really does the work, in a throwaway copy of each host. */
export function rehearseCommand(cli: Argv): Argv {
  return cli.command(
    'rehearse [playbook..]',
    'Really do the work in a throwaway copy of each host, and show what it writes',
    (own) =>
      own
        .usage(
          examples('provision rehearse [PLAYBOOK..] [OPTIONS]', [
            'provision rehearse -i prod.yml --limit web-01 --diff    # each file under /etc that it writes, as a diff',
            "provision rehearse -i prod.yml --tags nginx --paths '/etc/nginx/**,/var/www/**'",
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('playbook', {
          type: 'string',
          array: true,
          describe: 'Playbook files, rehearsed in this order. Default: playbooks/site.ts',
        })
        .options(OPTIONS_OF.rehearse),
    async (args) => {
      const { rehearsePlaybooks } = await import('../actions/rehearse.js');
      process.exitCode = await withProfile(args, () => rehearsePlaybooks(args));
    },
  );
}
