import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';

export function schemaCommand(cli: Argv): Argv {
  return cli.command(
    'schema [playbook]',
    "Write JSON Schemas of inventory and variable files, for an editor's YAML support",
    (own) =>
      own
        .usage(
          examples('provision schema [PLAYBOOK] [--out FOLDER]', [
            'provision schema                       # schema/inventory.schema.json and schema/vars.schema.json',
            'provision schema hello --out .vscode   # of playbooks/hello.ts',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('playbook', { type: 'string', describe: 'Default: playbooks/site.ts' })
        .options(OPTIONS_OF.schema),
    async (args) => {
      const { schema } = await import('../actions/schema.js');
      process.exitCode = await schema(args.playbook, args.out);
    },
  );
}
