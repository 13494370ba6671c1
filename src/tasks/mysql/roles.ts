import type { MysqlFlavour } from '../../facts/mysqlServer.js';

/** Closes a server for writes; on MySQL for root too. */
export function closeStatement(flavour: MysqlFlavour): string {
  // MySQL's super_read_only implies read_only.
  return flavour === 'mysql' ? 'SET GLOBAL super_read_only = ON' : 'SET GLOBAL read_only = ON';
}

/** Opens a server for writes until its next start. */
export function openStatements(flavour: MysqlFlavour): readonly string[] {
  return [...(flavour === 'mysql' ? ['SET GLOBAL super_read_only = OFF'] : []), 'SET GLOBAL read_only = OFF'];
}

/** Turns the source's side of semi-synchronous replication on or off: whether commits wait until a replica has them. */
export function setSemiSyncSource(flavour: MysqlFlavour, on: boolean): string {
  return `SET GLOBAL rpl_semi_sync_${flavour === 'mysql' ? 'source' : 'master'}_enabled = ${on ? 'ON' : 'OFF'}`;
}
