import type { Argv } from 'yargs';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

/** `provision apply FILE`: does what a saved plan says, and nothing else. */
export function applyCommand(cli: Argv): Argv {
  return cli.command(
    'apply <file>',
    'Do exactly what a saved plan says; hosts that changed since then are refused',
    (own) =>
      own
        .positional('file', { type: 'string', demandOption: true, describe: 'What "plan -o FILE" wrote' })
        .options(OPTIONS_OF.apply),
    async (args) => {
      const { apply } = await import('../actions/apply.js');
      process.exitCode = await withProfile(args, () => apply(args));
    },
  );
}
