import { InputError } from '../../model/errors.js';
import type { DatabaseServer } from '../../model/database.js';
import type { Args } from '../input/args.js';
import type { DB_OPERATIONS } from '../input/dbOptions.js';
import { load, type Loaded } from '../input/load.js';
import { playbookFiles } from '../input/playbookFile.js';
import { prepare, type Prepared } from '../input/prepare.js';
import { backups } from './dbBackups.js';
import { operate } from './dbOperate.js';
import { rejoin } from './dbRejoin.js';
import { status } from './dbStatus.js';

export type DbArgs = Args<'db'> & {
  readonly operation: (typeof DB_OPERATIONS)[number];
  readonly host?: string | undefined;
};

/** What each operation works with. */
export interface DbContext {
  readonly args: DbArgs;
  readonly loaded: Loaded;
  readonly prepared: Prepared;
  readonly servers: readonly DatabaseServer[];
}

/** Seconds that connecting may take, where `--timeout` does not say: a dead primary must not hold a failover up. */
const CONNECT_SECONDS = 5;

/** `provision db OPERATION [HOST]`. Gives the exit code. */
export async function db(given: DbArgs): Promise<number> {
  const args = { ...given, timeout: given.timeout ?? CONNECT_SECONDS };
  const [file = ''] = playbookFiles(args.playbook === undefined ? [] : [args.playbook]);
  const loaded = await load(args);
  const prepared = await prepare(file, loaded, {});
  const servers = prepared.playbook.databases?.(prepared.hosts) ?? [];
  if (servers.length === 0) {
    throw new InputError(`${file} tells of no database servers`, {
      where: { file },
      hint: 'give playbook({ … }) a function databases: (of) => [ … ], or name another playbook with --playbook',
    });
  }
  const context = { args, loaded, prepared, servers };
  if (args.operation === 'status') return status(context);
  if (args.operation === 'rejoin') return rejoin(context);
  if (args.operation === 'backups') return backups(context);
  return operate(context);
}
