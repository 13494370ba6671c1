import type { ReplicationError } from '../../facts/mysqlReplication.js';

/** What a replication error means, and what can be done about it. */
export interface Diagnosis {
  /**
   * `retry`: starting again may do. `credentials`: giving the password again may do. `copy`: only a new first copy
   * does. `configuration`: nothing that this task does can help.
   */
  readonly cure: 'retry' | 'credentials' | 'copy' | 'configuration';
  readonly meaning: string;
  readonly hint?: string | undefined;
}

interface Rule extends Diagnosis {
  readonly numbers: readonly number[];
  /** Of the message, where the number alone does not tell. */
  readonly pattern?: RegExp;
}

/** 13114 is how MySQL 8 and later number what the source itself reports as 1236. */
const FROM_SOURCE = [1236, 13114];

const RULES: readonly Rule[] = [
  {
    numbers: FROM_SOURCE,
    pattern: /purged|Could not find GTID state/i,
    cure: 'copy',
    meaning: 'the source no longer has the binary logs that this replica still needs',
  },
  {
    numbers: FROM_SOURCE,
    pattern: /same server_uuid/i,
    cure: 'configuration',
    meaning: 'another replica of the source has the same server_uuid: one of them is a copy of the other',
    hint: 'on the copy: stop mysql, remove auto.cnf from its data directory, start mysql; then START REPLICA here',
  },
  {
    numbers: FROM_SOURCE,
    pattern: /more GTIDs|diverged|not in the master|missing the GTID/i,
    cure: 'copy',
    meaning: 'this replica has transactions that the source does not have',
  },
  {
    // They were looked at before: they differ by now.
    numbers: [13117, 1593],
    pattern: /equal MySQL server ids/i,
    cure: 'retry',
    meaning: 'the source and this replica had the same server_id',
  },
  {
    numbers: [1950],
    cure: 'copy',
    meaning: 'this replica has transactions of its own where the next ones of the source belong',
  },
  {
    numbers: [1062, 1032, 1007, 1008, 1050, 1051, 1146, 1396, 1049, 13124, 13146],
    cure: 'copy',
    meaning: 'the data here are not those that the source had: something else wrote to this replica',
  },
  { numbers: [1045], cure: 'credentials', meaning: 'the source refuses the replication account or its password' },
  {
    numbers: [1227, 1142, 13120],
    cure: 'retry',
    meaning: 'the replication account lacks a privilege on the source: REPLICATION SLAVE on *.*',
  },
  { numbers: [1130], cure: 'retry', meaning: 'the source lets no account in from this address' },
  {
    numbers: [2026],
    cure: 'retry',
    meaning: 'no encrypted connection to the source came about: its certificate, or the authority here, does not fit',
  },
  {
    numbers: [2002, 2003, 2005, 2006, 2013, 1040, 1129, 1158, 1159, 1160, 1161],
    cure: 'retry',
    meaning: 'the source cannot be reached',
  },
  // Lock waits, deadlocks, full disks: the same transaction may pass the next time.
  { numbers: [1205, 1213, 1021, 1026, 3572], cure: 'retry', meaning: 'a transaction could not be applied at that moment' },
];

/** What an error of a replication thread means. */
export function diagnose({ number, message }: ReplicationError): Diagnosis {
  const rule = RULES.find(({ numbers, pattern }) => numbers.includes(number) && (pattern?.test(message) ?? true));
  return (
    rule ?? {
      cure: 'configuration',
      meaning: 'the server stopped replication',
      hint: 'its error log tells more; overwrite: true copies the source afresh where data are at fault',
    }
  );
}

/** The error as a person reads it: number, and the server's words. */
export function describeError({ number, message }: ReplicationError): string {
  return `error ${number}: ${message}`;
}
