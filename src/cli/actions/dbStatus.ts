import { lookAt } from '../../database/member.js';
import { statusOf, type ServerStatus } from '../../database/status.js';
import { coloursFor } from '../../report/colours.js';
import { tableOf } from '../../report/table.js';
import { EXIT } from '../exitCodes.js';
import { opener } from '../input/opener.js';
import type { DbContext } from './db.js';

/** `provision db status`: a line a server. Gives 1 where not exactly one takes writes, or one does not follow it; 3 where one is unreachable. */
export async function status({ args, loaded, servers }: DbContext): Promise<number> {
  // A look must be possible while a run is at work.
  const sessions = opener({ args, connections: loaded.connections, hold: (work) => work(), exclusive: false });
  try {
    const members = await lookAt(servers, (host, user) => sessions.open(host, user));
    const all = statusOf(members);
    if (args.output === 'json') for (const one of all.servers) process.stdout.write(`${JSON.stringify(one)}\n`);
    else
      process.stdout.write(table(all.servers) + all.faults.map((fault) => `${coloursFor(process.stdout).red(fault)}\n`).join(''));
    if (all.servers.some(({ role }) => role === 'unreachable')) return EXIT.unreachable;
    return all.faults.length > 0 ? EXIT.failed : EXIT.done;
  } finally {
    await sessions.close();
  }
}

function table(servers: readonly ServerStatus[]): string {
  const head = ['HOST', 'ROLE', 'WRITES', 'SOURCE', 'LAG', 'SEMI-SYNC', 'ERRANT', 'HAS'];
  const rows = servers.map((one) => [
    one.host,
    one.role,
    one.readOnly === undefined ? '-' : one.readOnly ? 'no' : 'yes',
    one.source === undefined ? '-' : `${one.source} (${one.replication ?? ''})`,
    one.lagSeconds === undefined ? '-' : `${one.lagSeconds} s`,
    one.semiSync ?? '-',
    one.errant ?? '-',
    one.position === undefined || one.position === '' ? '-' : one.position,
  ]);
  return tableOf(head, rows);
}
