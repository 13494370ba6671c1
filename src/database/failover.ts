import { OperationRefusedError, TaskError } from '../model/errors.js';
import { describeError } from '../tasks/mysql/replicationErrors.js';
import { isAtLeast, parseGtidPosition } from '../util/gtidPosition.js';
import { isGtidSubset, parseGtidSet } from '../util/gtidSet.js';
import { closeStatement, setSemiSyncSource } from '../tasks/mysql/roles.js';
import { joinText } from '../util/secret.js';
import { follow, openAgain, STOP_GUARD } from './followers.js';
import type { MysqlFlavour } from '../facts/mysqlServer.js';
import { errantOf, isRunning, onceApplied, positionOf, sourceOf, writableOf, type Member, type RunningMember } from './member.js';
import type { Act, Operation, Said } from './operation.js';
import { applyRelayLog, positionIn, promote, sql } from './sql.js';
import { memberNamed, stateOf, twoPrimaries } from './switchover.js';

/** What a person may allow, or wait for. */
export interface FailoverLimits {
  /** How long the servers may take to apply what they have fetched, in seconds. */
  readonly waitSeconds: number;
  /** Whether it may be done though the old primary still answers, or another server has more. */
  readonly force: boolean;
  /** Servers that still reach the old primary, asked themselves. */
  readonly witnesses: readonly string[];
}

/** The primary that is to be replaced: the one that takes writes, else the one that the others follow and that follows nobody. */
export function formerPrimary(members: readonly Member[]): Member | undefined {
  const [writable] = writableOf(members);
  if (writable !== undefined) return writable;
  const followed = members.flatMap((member) => sourceOf(member, members) ?? []);
  return followed.find((member) => sourceOf(member, members) === undefined);
}

/**
 * Makes a replica the primary because that one is dead (`name` undefined: the one that has most). What the replicas have fetched is
 * applied first; the old primary is closed as far as it can be reached. Throws OperationRefusedError where that is not safe.
 */
export function planFailover(
  name: string | undefined,
  members: readonly Member[],
  limits: FailoverLimits,
): Operation | undefined {
  if (writableOf(members).length > 1) throw twoPrimaries(members);
  const old = formerPrimary(members);
  const candidates = members.filter(isRunning).filter(({ host }) => host !== old?.host || name === host);
  const target = name === undefined ? mostAdvanced(candidates) : memberNamed(name, members);
  if (target === undefined) {
    throw new OperationRefusedError('no replica answers, so none can take over', {
      hint: 'provision db status shows each server',
    });
  }
  if (isRunning(target) && !target.node.server.readOnly) return undefined;
  const faults = isRunning(target) ? faultsOf(target, old, candidates, limits) : [`it ${stateOf(target)}`];
  if (faults.length > 0 || !isRunning(target)) {
    throw new OperationRefusedError([`${target.host} cannot take over:`, ...faults.map((one) => `- ${one}`)].join('\n'), {
      hint: 'nothing was changed; docs/database.md says what each of these means',
    });
  }
  return operation(target, old?.host === target.host ? undefined : old, candidates, limits, members);
}

function faultsOf(
  target: RunningMember,
  old: Member | undefined,
  candidates: readonly RunningMember[],
  { force, witnesses }: FailoverLimits,
): string[] {
  const { channel } = target.node;
  const ahead = candidates.filter((other) => other !== target && !hasAll(target, other));
  const alive =
    old === undefined || old.host === target.host
      ? []
      : isRunning(old)
        ? [
            old.node.server.readOnly
              ? `${old.host} answers: it has just started, and its guard may open it (provision db status)`
              : `${old.host} answers and takes writes: provision db switchover ${target.host} loses nothing`,
          ]
        : witnesses.map((witness) => `${old.host} still answers ${witness}, though it cannot be reached from here`);
  return [
    ...(channel?.applier === 'stopped'
      ? [
          `its applier is stopped${channel.applierError === undefined ? '' : ` (${describeError(channel.applierError)})`}: it may lack what it has fetched`,
        ]
      : []),
    ...(force ? [] : alive.map((one) => `${one} (--force)`)),
    ...(force ? [] : ahead.map(({ host }) => `${host} has transactions that it lacks: take that one (--force)`)),
  ];
}

/** Whether a server has all that another one has, once both have applied what they have fetched. */
function hasAll(one: RunningMember, other: RunningMember): boolean {
  return errantOf(onceApplied(other), onceApplied(one)) === undefined;
}

/** The one that has all that the others have, the first of equals; undefined where there is none. */
function mostAdvanced(candidates: readonly RunningMember[]): RunningMember | undefined {
  const healthy = candidates.filter(({ node }) => node.channel?.applier !== 'stopped');
  return healthy.find((one) => healthy.every((other) => other === one || hasAll(one, other))) ?? candidates[0];
}

function operation(
  target: RunningMember,
  old: Member | undefined,
  candidates: readonly RunningMember[],
  limits: FailoverLimits,
  members: readonly Member[],
): Operation {
  const { flavour } = target.node.server;
  const others = candidates.filter((member) => member !== target);
  const replicas = [target, ...others].filter(({ node }) => node.channel !== undefined);
  const reachable = old?.node === undefined ? [] : [old];
  const gone = members.filter((member) => member.node === undefined);
  return {
    title: `Fail over${old === undefined ? '' : ` from ${old.host}`} to ${target.host}`,
    primary: target.host,
    followers: others.map(({ host }) => host),
    warnings: [
      ...gone.map(({ host }) =>
        host === old?.host
          ? `${host} cannot be reached, so it is not closed: when it starts again it stays read-only; until then make sure that it is off`
          : `${host} cannot be reached: have it follow later, with provision db rejoin ${host}`,
      ),
      ...(old !== undefined && old.node !== undefined ? [`${old.host} is to rejoin later: provision db rejoin ${old.host}`] : []),
    ],
    undone: 'the replicas replicate as before, and no new primary was made',
    stages: [
      {
        title: old === undefined ? 'Apply what was fetched' : `Close ${old.host}, apply what was fetched`,
        onFailure: 'undo',
        acts: [
          ...reachable.map((member) => fence(member, flavour)),
          ...replicas.map((member): Act => ({
            host: member.host,
            id: 'apply',
            summary: 'fetch no more, apply all that was fetched',
            script: () => applyRelayLog(flavour, limits.waitSeconds),
            timeoutSeconds: limits.waitSeconds + 30,
          })),
        ],
      },
      {
        title: `Open ${target.host}`,
        onFailure: 'undo',
        opens: target.host,
        acts: [
          {
            host: target.host,
            id: 'open',
            summary: 'follow nobody, open for writes',
            script: (said) => {
              if (!limits.force) requireAll(target, others, said);
              return promote(flavour);
            },
          },
        ],
      },
      {
        title: `Follow ${target.host}`,
        acts: others.map((other) => follow(other, target, other.node.channel === undefined)),
        onFailure: 'go on',
      },
    ],
    undo: [
      {
        title: 'Replicate as before',
        onFailure: 'go on',
        acts: [
          ...others.filter((member) => replicas.includes(member)).map((member) => replicateAgain(member)),
          // It may have forgotten its source already.
          ...(old === undefined || !replicas.includes(target) ? [] : [follow(target, old, false)]),
        ],
      },
      ...(old !== undefined && isRunning(old) && !old.node.server.readOnly
        ? [{ title: `Open ${old.host} again`, onFailure: 'go on' as const, acts: [openAgain(old)] }]
        : []),
    ],
  };
}

function replicateAgain({ host, node }: RunningMember): Act {
  const { flavour } = node.server;
  const script = () => sql(flavour, [flavour === 'mysql' ? 'START REPLICA' : 'START SLAVE']);
  return { host, id: 'go on', summary: 'replicate as before', script };
}

/**
 * Closes the old primary where it answers after all, and kills it where it runs and does not answer: whenever it starts, its
 * configuration makes it read-only.
 */
function fence({ host }: Member, flavour: MysqlFlavour): Act {
  const unit = flavour === 'mysql' ? 'mysql.service' : 'mariadb.service';
  return {
    host,
    id: 'fence',
    summary: 'close for writes, or kill it where it does not answer',
    script: () =>
      joinText([
        `${STOP_GUARD}\nclose() {\n`,
        sql(flavour, ['SET SESSION lock_wait_timeout = 5', closeStatement(flavour), setSemiSyncSource(flavour, false)]),
        `\n}
if close >/dev/null 2>&1; then echo closed
elif [ "$(systemctl show --property MainPID --value ${unit})" != 0 ]; then systemctl kill --signal KILL ${unit}; echo killed
else echo 'it does not run'; fi`,
      ]),
  };
}

/** Throws TaskError where another server turned out to have more than the new primary, once all was applied. */
function requireAll(target: RunningMember, others: readonly RunningMember[], said: Said): void {
  const tell = (member: RunningMember) =>
    member.node.channel === undefined ? positionOf(member) : positionIn(said(member.host, 'apply'));
  const own = tell(target);
  for (const other of others) {
    const has = tell(other);
    const isAll =
      target.node.server.flavour === 'mysql'
        ? isGtidSubset(parseGtidSet(has), parseGtidSet(own))
        : isAtLeast(parseGtidPosition(own), parseGtidPosition(has));
    if (isAll) continue;
    throw new TaskError(`${other.host} has more than ${target.host}: ${has} against ${own}`, {
      hint: `make that one the primary: provision db failover ${other.host}`,
    });
  }
}
