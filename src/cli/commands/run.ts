import type { Argv } from 'yargs';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

/** `provision [PLAYBOOK..]`, the default; `provision run` says it in full. */
export function runCommand(cli: Argv): Argv {
  return cli.command(
    ['run [playbook..]', '$0'],
    'Run playbooks (what happens without a command, too)',
    (own) =>
      own
        .positional('playbook', {
          type: 'string',
          array: true,
          describe: 'Playbook files, run in this order. Default: playbooks/site.ts',
        })
        .options(OPTIONS_OF.run),
    async (args) => {
      const { runPlaybooks } = await import('../actions/run.js');
      process.exitCode = await withProfile(args, () => runPlaybooks(args));
    },
  );
}
