import { InputError, OperationRefusedError } from '../model/errors.js';
import { describeError } from '../tasks/mysql/replicationErrors.js';
import { didYouMean } from '../util/names.js';
import { follow, openAgain, takeOver } from './followers.js';
import { errantOf, isRunning, sourceOf, writableOf, type Member, type RunningMember } from './member.js';
import type { Act, Operation } from './operation.js';
import { closeAndTell, positionIn, promote, sql, waitFor } from './sql.js';
import { closeStatement, setSemiSyncSource } from '../tasks/mysql/roles.js';
import { joinText } from '../util/secret.js';

/** What a person may allow, or wait for. */
export interface SwitchoverLimits {
  /** How far the new primary may be behind before, in seconds. */
  readonly maxLagSeconds: number;
  /** How long writes may stay closed until it has all, in seconds. */
  readonly waitSeconds: number;
  /** Whether it may be done though commits do not wait for a replica, or the replica is behind. */
  readonly force: boolean;
}

/** The member of a name. Throws InputError where there is none. */
export function memberNamed(name: string, members: readonly Member[]): Member {
  const names = members.map(({ host }) => host);
  const member = members.find(({ host }) => host === name);
  if (member !== undefined) return member;
  throw new InputError(`"${name}" is no database server of this playbook${didYouMean(name, names)}`, {
    hint: `its database servers: ${names.join(', ') || 'none'}`,
  });
}

/**
 * A planned change of the primary: the old one is closed, the new one waits until it has all, and is opened; the others
 * follow it. Undefined where it is the primary already. Throws OperationRefusedError where it would lose data or break something.
 */
export function planSwitchover(name: string, members: readonly Member[], limits: SwitchoverLimits): Operation | undefined {
  const target = memberNamed(name, members);
  const [old, second] = writableOf(members);
  if (old === undefined) {
    throw new OperationRefusedError(`no database server takes writes, so there is nothing to switch over from${away(members)}`, {
      hint: `provision db status shows what each has; provision db failover ${name} opens one without its primary`,
    });
  }
  if (second !== undefined) throw twoPrimaries(members);
  if (old.host === target.host) return undefined;
  const faults = isRunning(target) ? faultsOf(target, old, members, limits) : [`${name} ${stateOf(target)}`];
  if (faults.length > 0 || !isRunning(target)) {
    throw new OperationRefusedError(
      [`${name} cannot take over from ${old.host}:`, ...faults.map((one) => `- ${one}`)].join('\n'),
      {
        hint: 'nothing was changed; docs/database.md says what each of these means',
      },
    );
  }
  return operation(old, target, members, limits);
}

/** Two servers with writes of their own: nothing may be done before a person has judged. */
export function twoPrimaries(members: readonly Member[]): OperationRefusedError {
  const names = writableOf(members).map(({ host }) => host);
  return new OperationRefusedError(`${names.join(' and ')} both take writes: each may have what the other lacks`, {
    hint: 'compare them (provision db status), and have the wrong one follow the right one: provision db rejoin HOST',
  });
}

/** Why a server does not count, in words. */
export function stateOf({ node }: Member): string {
  if (node === undefined) return 'cannot be reached';
  return node.state === 'absent' ? 'has no database server' : node.state === 'stopped' ? 'does not answer' : 'runs';
}

function away(members: readonly Member[]): string {
  const gone = members.filter((member) => !isRunning(member)).map((member) => `${member.host} ${stateOf(member)}`);
  return gone.length === 0 ? '' : ` (${gone.join(', ')})`;
}

function faultsOf(target: RunningMember, old: RunningMember, members: readonly Member[], limits: SwitchoverLimits): string[] {
  const { channel, server } = target.node;
  if (channel === undefined || sourceOf(target, members)?.host !== old.host) {
    return [`it does not replicate from ${old.host}${channel === undefined ? '' : `, but from ${channel.sourceHost}`}`];
  }
  const errant = errantOf(target, old);
  const threads = [
    ...(channel.receiver === 'running' ? [] : [`its receiver is ${channel.receiver}${errorOf(channel.receiverError)}`]),
    ...(channel.applier === 'running' ? [] : [`its applier is stopped${errorOf(channel.applierError)}`]),
  ];
  const other = server.flavour === 'mysql' ? channel.sourceUuid !== old.node.server.serverUuid : false;
  const behind = channel.secondsBehind;
  const isBehind = threads.length === 0 && (behind === undefined || behind > limits.maxLagSeconds);
  const { semiSync } = old.node;
  const waits = old.node.server.semiSyncSource && semiSync.sourceActive && target.node.semiSync.replicaActive;
  return [
    ...threads,
    ...(other ? [`the server that it follows is not the one that answers as ${old.host} now`] : []),
    ...(errant === undefined ? [] : [`it has ${errant} that ${old.host} does not have: other servers could not follow it`]),
    ...(isBehind && !limits.force
      ? [
          `it is ${behind === undefined ? 'at an unknown distance' : `${behind} s`} behind, and ${limits.maxLagSeconds} s are allowed (--max-lag, --force)`,
        ]
      : []),
    ...(waits || limits.force
      ? []
      : [`commits on ${old.host} do not wait for it: semi-synchronous replication is off, or gave up (--force)`]),
    ...(server.binaryLog ? [] : ['it writes no binary log, so nobody could follow it']),
    ...olderServers(target, members),
  ];
}

/** A server follows one of its own version or an older one. */
function olderServers(target: RunningMember, members: readonly Member[]): string[] {
  const series = ({ node }: RunningMember) => node.server.version.split('.').slice(0, 2).map(Number);
  const [major = 0, minor = 0] = series(target);
  return members.filter(isRunning).flatMap((member) => {
    const [otherMajor = 0, otherMinor = 0] = series(member);
    const isOlder = otherMajor < major || (otherMajor === major && otherMinor < minor);
    return isOlder
      ? [`${member.host} runs version ${member.node.server.version}, which cannot follow ${target.node.server.version}`]
      : [];
  });
}

function errorOf(error: { readonly number: number; readonly message: string } | undefined): string {
  return error === undefined ? '' : ` (${describeError(error)})`;
}

function operation(old: RunningMember, target: RunningMember, members: readonly Member[], limits: SwitchoverLimits): Operation {
  const { flavour } = target.node.server;
  const others = members.filter(isRunning).filter(({ host }) => host !== old.host && host !== target.host);
  const absent = members.filter((member) => !isRunning(member));
  return {
    title: `Switch over from ${old.host} to ${target.host}`,
    primary: target.host,
    followers: [old, ...others].map(({ host }) => host),
    warnings: absent.map(
      (member) => `${member.host} ${stateOf(member)}: have it follow later, with provision db rejoin ${member.host}`,
    ),
    undone: `${old.host} takes the writes as before`,
    stages: [
      { title: 'Take hold of the servers', acts: [old, target, ...others].map(takeOver), onFailure: 'stop' },
      {
        title: `Close ${old.host}`,
        onFailure: 'undo',
        acts: [{ host: old.host, id: 'close', summary: 'close for writes', script: () => closeAndTell(flavour) }],
      },
      {
        title: `Open ${target.host}`,
        onFailure: 'undo',
        opens: target.host,
        acts: [
          {
            host: target.host,
            id: 'open',
            summary: `apply all that ${old.host} has, follow nobody, open for writes`,
            script: (said) =>
              joinText([waitFor(flavour, positionIn(said(old.host, 'close')), limits.waitSeconds), '\n', promote(flavour)]),
            timeoutSeconds: limits.waitSeconds + 30,
          },
        ],
      },
      {
        title: `Follow ${target.host}`,
        acts: [follow(old, target, true), ...others.map((other) => follow(other, target, false))],
        onFailure: 'go on',
      },
    ],
    undo: [
      { title: `Keep ${target.host} closed`, acts: [closeAgain(target)], onFailure: 'stop' },
      { title: `Open ${old.host} again`, acts: [openAgain(old)], onFailure: 'stop' },
      { title: `Follow ${old.host} again`, acts: [follow(target, old, false)], onFailure: 'go on' },
    ],
  };
}

/** Makes sure that a server that was just to be opened takes no writes. */
function closeAgain({ host, node }: RunningMember): Act {
  const { flavour } = node.server;
  return {
    host,
    id: 'close',
    summary: 'stay read-only',
    script: () => sql(flavour, [closeStatement(flavour), setSemiSyncSource(flavour, false)]),
  };
}
