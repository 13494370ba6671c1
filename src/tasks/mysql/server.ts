import type { MysqlServer, RunningMysql } from '../../facts/mysqlServer.js';
import { PlanError } from '../../model/errors.js';

/** The server, which must answer. Throws PlanError where none does. */
export function runningServer(server: MysqlServer, where = 'here'): RunningMysql {
  if (server.state === 'absent') {
    throw new PlanError(`no MySQL or MariaDB server is installed ${where}`, {
      hint: 'install mysql-server or mariadb-server, and start it, before this task',
    });
  }
  if (server.state === 'stopped') {
    throw new PlanError(`the database server does not answer ${where}: ${server.message}`, {
      hint: 'start it (service mysql or mariadb); root must be let in over its socket',
    });
  }
  return server;
}

/** The server, which must take writes. `what` is what would be written, as in `users`. Throws PlanError where it does not. */
export function writableServer(server: MysqlServer, what: string): RunningMysql {
  const running = runningServer(server);
  if (running.readOnly || running.superReadOnly) {
    throw new PlanError(`this server is read-only: ${what} are made on the primary and replicate`, {
      hint: 'run this task on the primary only, after mysqlWritable has opened it',
    });
  }
  return running;
}
