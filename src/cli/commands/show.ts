import type { Argv } from 'yargs';
import { OPTIONS_OF } from '../input/options.js';

/** `provision show FILE`: prints a saved plan as the dry run did. */
export function showCommand(cli: Argv): Argv {
  return cli.command(
    'show <file>',
    'Print a saved plan as its dry run did; contacts no host',
    (own) =>
      own
        .positional('file', { type: 'string', demandOption: true, describe: 'What "plan -o FILE" wrote' })
        .options(OPTIONS_OF.show),
    async (args) => {
      const { showPlan } = await import('../actions/showPlan.js');
      process.exitCode = await showPlan(args);
    },
  );
}
