import type { Argv } from 'yargs';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

/** `provision plan [PLAYBOOK]`: a dry run, kept in a file. */
export function planCommand(cli: Argv): Argv {
  return cli.command(
    'plan [playbook]',
    'Say what would change, and write it to a file for "apply"',
    (own) =>
      own
        .positional('playbook', { type: 'string', describe: 'Playbook file. Default: playbooks/site.ts' })
        .options(OPTIONS_OF.plan),
    async (args) => {
      const { plan } = await import('../actions/plan.js');
      process.exitCode = await withProfile(args, () => plan(args));
    },
  );
}
