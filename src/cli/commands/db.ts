import type { Argv } from 'yargs';
import { EXIT_CODES_HELP } from '../exitCodes.js';
import { DB_OPERATIONS } from '../input/dbOptions.js';
import { examples } from '../input/examples.js';
import { OPTIONS_OF } from '../input/options.js';
import { withProfile } from '../withProfile.js';

/** `provision db …`: who takes the writes, and how that is changed. */
export function dbCommand(cli: Argv): Argv {
  return cli.command(
    'db <operation> [host]',
    'Show which database server takes the writes, hand that over to another one, back up and restore',
    (own) =>
      own
        .usage(
          examples('provision db OPERATION [HOST] --inventory FILE [OPTIONS]', [
            'provision db status -i prod.yml               # who is primary, who follows, how far behind',
            'provision db switchover web-02 -i prod.yml    # planned: web-02 takes over, nothing is lost',
            'provision db failover -i prod.yml             # the primary is dead: the most advanced replica takes over',
            'provision db rejoin web-01 -i prod.yml        # a former primary follows the new one',
            'provision db backup -i prod.yml               # a backup now, on a replica; backups lists all',
            'provision db restore -i prod.yml              # the newest backup, into the primary',
          ]),
        )
        .epilogue(EXIT_CODES_HELP)
        .positional('operation', { type: 'string', choices: DB_OPERATIONS, demandOption: true, describe: 'What is done' })
        .positional('host', { type: 'string', describe: 'The server that it is about' })
        .options(OPTIONS_OF.db),
    async (args) => {
      const { db } = await import('../actions/db.js');
      process.exitCode = await withProfile(args, () => db(args));
    },
  );
}
