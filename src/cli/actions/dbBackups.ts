import { findBackups } from '../../database/backups.js';
import { EXIT } from '../exitCodes.js';
import { opener } from '../input/opener.js';
import { tableOf } from '../../report/table.js';
import type { DbContext } from './db.js';

/** `provision db backups`: all backups on the hosts, the newest first. */
export async function backups({ args, loaded, servers }: DbContext): Promise<number> {
  const sessions = opener({ args, connections: loaded.connections, hold: (work) => work(), exclusive: false });
  try {
    const all = await findBackups(servers, (host, user) => sessions.open(host, user));
    if (args.output === 'json') for (const one of all) process.stdout.write(`${JSON.stringify(one)}\n`);
    else {
      const rows = all.map(({ host, file, bytes, seconds }) => [
        host,
        file,
        `${(bytes / 1e6).toFixed(1)} MB`,
        new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' '),
      ]);
      process.stdout.write(tableOf(['HOST', 'FILE', 'SIZE', 'MADE (UTC)'], rows));
    }
    return EXIT.done;
  } finally {
    await sessions.close();
  }
}
