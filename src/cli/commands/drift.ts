import type { Argv } from 'yargs';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

/** `provision drift [PLAYBOOK]`: was the host changed by hand, or the code? */
export function driftCommand(cli: Argv): Argv {
  return cli.command(
    'drift [playbook]',
    'Tell what was changed by hand, what the code changed, and what nothing names any more',
    (own) =>
      own
        .positional('playbook', { type: 'string', describe: 'Playbook file. Default: playbooks/site.ts' })
        .options(OPTIONS_OF.drift),
    async (args) => {
      const { drift } = await import('../actions/drift.js');
      process.exitCode = await withProfile(args, () => drift(args));
    },
  );
}
