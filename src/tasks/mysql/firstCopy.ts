import type { RunningMysql } from '../../facts/mysqlServer.js';
import { PlanError } from '../../model/errors.js';
import { describeData, type DataComparison, type ServerData } from './compareData.js';

/** What a decision about a first copy is made on. */
export interface CopyQuestion {
  /** The source's name in the inventory. */
  readonly name: string;
  readonly replica: RunningMysql;
  readonly source: RunningMysql;
  readonly data: ServerData;
  readonly comparison: DataComparison;
  /** Why the replica's data are of no use, from its replication error; undefined where there was none like that. */
  readonly broken: string | undefined;
  readonly firstCopy: 'auto' | 'never';
  readonly overwrite: boolean;
}

/** Whether the source's data must be copied before the replica can follow it. Throws PlanError where that is forbidden or cannot be. */
export function needsCopy(question: CopyQuestion): boolean {
  const { name, comparison, broken, firstCopy, overwrite, data } = question;
  const { errant, reachable, emptyBesideTables } = comparison;
  const reason =
    errant !== undefined
      ? `this server has ${errant} that ${name} does not have`
      : (broken ?? (reachable ? undefined : `${name} no longer has the binary logs of all that is missing here`));
  if (reason === undefined) return firstCopy === 'auto' && emptyBesideTables && copyFault(question) === undefined;

  if (firstCopy === 'never') {
    throw new PlanError(`${reason}: only a first copy of its data can help, and firstCopy is 'never'`, {
      hint: "set firstCopy: 'auto', or copy the data by hand",
    });
  }
  const held = describeData(data);
  if (!overwrite && (held !== undefined || errant !== undefined)) {
    throw new PlanError(`${reason}: its data must be copied afresh, which would overwrite ${held ?? 'what was changed here'}`, {
      hint:
        errant === undefined && broken === undefined
          ? `all of its transactions are those of ${name}: overwrite: true loses nothing that replicated`
          : `look at what it has that ${name} lacks; overwrite: true throws that away`,
    });
  }
  const fault = copyFault(question);
  if (fault !== undefined)
    throw new PlanError(`${reason}, and its data cannot be copied: ${fault.message}`, { hint: fault.hint });
  return true;
}

function copyFault({ name, replica, source }: CopyQuestion): { readonly message: string; readonly hint: string } | undefined {
  const series = (server: RunningMysql) => server.version.split('.').slice(0, 2).join('.');
  // The version of a server that is not installed yet is not known.
  if (replica.version !== '' && source.version !== '' && series(replica) !== series(source)) {
    return {
      message: `${name} runs version ${source.version}, this host ${replica.version}`,
      hint: 'install the same version on both',
    };
  }
  if (source.flavour === 'mysql' && !(replica.clonePlugin && source.clonePlugin)) {
    return {
      message: `the CLONE plugin is not loaded on ${source.clonePlugin ? 'this host' : name}`,
      hint: 'set plugin_load_add = mysql_clone.so in its configuration, and restart it',
    };
  }
  return undefined;
}
