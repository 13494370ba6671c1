import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';

export function graphCommand(cli: Argv): Argv {
  return cli.command(
    'graph [playbook]',
    'Draw what a playbook builds: hosts, services, who talks to whom, and what must not fail',
    (own) =>
      own
        .usage(
          examples('provision graph [PLAYBOOK] --inventory FILE [--out FILE]', [
            'provision graph -i prod.yml --out site.svg    # a picture; no host is contacted',
            'provision graph -i prod.yml --out site.mmd    # Mermaid, which GitHub draws in Markdown',
            'provision graph -i prod.yml | dot -Tpng -o x.png',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('playbook', { type: 'string', describe: 'Default: playbooks/site.ts' })
        .options(OPTIONS_OF.graph),
    async (args) => {
      const { graph } = await import('../actions/graph.js');
      process.exitCode = await graph(args, args.playbook);
    },
  );
}
