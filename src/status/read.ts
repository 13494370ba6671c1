import { alerts, type Alerts } from '../facts/alerts.js';
import { failedUnits } from '../facts/failedUnits.js';
import { HAPROXY_SOCKET, haproxyServers, type HaproxyServers } from '../facts/haproxy.js';
import { mysqlNode, type MysqlNode } from '../facts/mysqlNode.js';
import { servedCertificates, type ServedCertificate } from '../facts/servedCertificates.js';
import { unitState, type UnitState } from '../facts/units.js';
import { virtualAddresses, type VirtualAddress } from '../facts/virtualAddresses.js';

/** What every host is asked, whatever it is for: who has no such thing says so. */
export const STATUS_READS = {
  haproxy: unitState('haproxy.service'),
  servers: haproxyServers({ socket: HAPROXY_SOCKET }),
  virtual: virtualAddresses,
  certificates: servedCertificates,
  database: mysqlNode({}),
  alerts,
  failed: failedUnits,
};

/** What a host says of itself at this moment. */
export interface HostStatus {
  readonly haproxy: UnitState;
  readonly servers: HaproxyServers;
  readonly virtual: readonly VirtualAddress[];
  readonly certificates: readonly ServedCertificate[];
  readonly database: MysqlNode;
  readonly alerts: Alerts;
  readonly failed: readonly string[];
}
