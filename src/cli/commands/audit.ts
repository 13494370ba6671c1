import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

export function auditCommand(cli: Argv): Argv {
  return cli.command(
    'audit [playbook]',
    'What could fail or be read along: single points of failure, plain text, open ports, unwatched hosts',
    (own) =>
      own
        .usage(
          examples('provision audit [PLAYBOOK] [OPTIONS]', [
            'provision audit -i prod.yml                   # exits with 1 where there is a fault; notes are none',
            'provision audit -i prod.yml --offline         # by the inventory and the playbook; no host is contacted',
            'provision audit -i prod.yml --output json     # the same for programs, in one line',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('playbook', { type: 'string', describe: 'Default: playbooks/site.ts' })
        .options(OPTIONS_OF.audit),
    async (args) => {
      const { audit } = await import('../actions/audit.js');
      process.exitCode = await withProfile(args, () => audit(args, args.playbook));
    },
  );
}
