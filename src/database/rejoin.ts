import { OperationRefusedError } from '../model/errors.js';
import { errantOf, isRunning, writableOf, type Member, type RunningMember } from './member.js';
import { memberNamed, stateOf, twoPrimaries } from './switchover.js';

/** A server that is to follow the primary. */
export interface Rejoin {
  readonly primary: RunningMember;
  /** Whether its data may be replaced by the primary's. */
  readonly reclone: boolean;
}

/**
 * Whom a server is to follow, and whether it can. Throws OperationRefusedError where that is not clear, or where it has
 * transactions that the primary lacks: only `reclone` throws those away.
 */
export function planRejoin(name: string, members: readonly Member[], reclone: boolean): Rejoin {
  const member = memberNamed(name, members);
  const others = writableOf(members).filter(({ host }) => host !== name);
  const [primary, second] = others;
  if (second !== undefined) throw twoPrimaries(members);
  if (primary === undefined) {
    const isPrimary = isRunning(member) && !member.node.server.readOnly;
    throw new OperationRefusedError(
      isPrimary
        ? `${name} is the primary: it takes the writes, and follows nobody`
        : 'no server takes writes, so there is none to follow',
      { hint: isPrimary ? 'provision db switchover OTHER hands them over first' : 'provision db failover HOST opens one' },
    );
  }
  if (member.node === undefined || member.node.state === 'absent') {
    throw new OperationRefusedError(`${name} ${stateOf(member)}`, {
      hint: member.node === undefined ? 'bring it back first' : 'provision installs it, and has it follow the primary',
    });
  }
  const errant = isRunning(member) ? errantOf(member, primary) : undefined;
  if (errant !== undefined && !reclone) {
    throw new OperationRefusedError(`${name} has ${errant} that ${primary.host} does not have: it cannot simply follow`, {
      hint: `look at what they are (they are in its binary logs), then throw them away with all its data: provision db rejoin ${name} --reclone`,
    });
  }
  return { primary, reclone };
}
