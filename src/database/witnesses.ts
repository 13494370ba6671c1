import type { DatabaseServer } from '../model/database.js';
import type { Session } from '../model/session.js';
import { quote } from '../util/shell.js';
import { isRunning, type Member } from './member.js';

/** Seconds that an answer may take. */
const PATIENCE = 3;

/** The servers that still reach one that cannot be reached from here: each asks it itself. */
export async function witnessesOf(
  old: DatabaseServer,
  servers: readonly DatabaseServer[],
  members: readonly Member[],
  openSession: (host: string, user: string) => Promise<Session>,
): Promise<readonly string[]> {
  const others = members.filter(isRunning).filter(({ host }) => host !== old.host);
  const answers = await Promise.all(
    others.map(async (other): Promise<readonly string[]> => {
      const file = servers.find(({ host }) => host === other.host)?.peerOptionFile ?? '';
      const client = `"$(command -v mariadb || command -v mysql)" --defaults-file=${quote(file)} --connect-timeout=${PATIENCE}`;
      const ask = `timeout ${PATIENCE + 2} ${client} --host ${quote(old.address)} --port ${old.port} --execute 'SELECT 1'`;
      const [result] = await (await openSession(other.host, 'root')).read([ask]);
      return result?.code === 0 ? [other.host] : [];
    }),
  );
  return answers.flat();
}
