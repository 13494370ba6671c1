import type { Host } from 'provision/host';
import type { Service } from 'provision/service';
import { inventoryPrimary } from './mysqlPrimary.js';
import type { MysqlVars } from './mysqlVars.js';

/** What the database servers offer to the application, and the primary to its replicas. All of it is over TLS. */
export function mysqlServices(databases: readonly Host<MysqlVars>[], webs: readonly Host[]): readonly Service[] {
  if (databases.length === 0) return [];
  const primary = inventoryPrimary(databases);
  const replicas = databases.filter((host) => host !== primary);
  return databases.map((host): Service => ({
    host: host.name,
    name: 'mysql',
    title: 'database',
    port: host.vars.mysql_port,
    detail: host === primary ? 'primary' : 'replica, read-only',
    stateful: true,
    encrypted: true,
    serves: host === primary ? ['database writes', 'database reads'] : ['database reads'],
    clients: [
      ...webs.map((web) => ({ host: web.name, service: 'app' })),
      ...(host === primary ? replicas.map((replica) => ({ host: replica.name, service: 'mysql' })) : []),
    ],
  }));
}
