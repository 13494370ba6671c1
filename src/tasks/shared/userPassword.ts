import type { UserEntry } from '../../facts/accounts.js';
import { PlanError } from '../../model/errors.js';
import { sha256 } from '../../util/hash.js';
import { mapText, reveal, type Text } from '../../util/secret.js';
import { quote, quoteText } from '../../util/shell.js';

/** What is wanted of an account's password; what is left out is left as it is. */
export interface WantedPassword {
  readonly name: string;
  /** The hash. */
  readonly password?: Text | undefined;
  readonly locked?: boolean | undefined;
}

/** What must be done to a password, in sh and in words, and how it is then. */
export interface PasswordPlan {
  readonly lines: readonly Text[];
  readonly words: readonly string[];
  readonly locked: boolean;
  readonly digest: string | undefined;
}

/** A new account has an empty hash behind a `!`: no password, locked. */
const NEW = { locked: true, passwordDigest: sha256('') };

/** Plans an account's password; `now` is undefined for an account that is to be made. */
export function planPassword({ name, password, locked }: WantedPassword, now: UserEntry | undefined): PasswordPlan {
  const { locked: isLocked, passwordDigest } = now ?? NEW;
  const digest = password === undefined ? passwordDigest : sha256(reveal(password));
  const set = password !== undefined && digest !== passwordDigest;
  // A new hash has no `!` before it.
  const lockedThen = set ? false : isLocked;
  const lockedAfter = locked ?? lockedThen;
  if (!lockedAfter && lockedThen && digest === sha256('')) {
    throw new PlanError(`${name} has no password that could be unlocked`, {
      hint: 'give password a hash, or leave locked out: keys log in without a password',
    });
  }
  return {
    lines: [
      ...(set ? [setPassword(name, password)] : []),
      ...(lockedAfter === lockedThen ? [] : [`usermod ${lockedAfter ? '--lock' : '--unlock'} ${quote(name)}`]),
    ],
    words: [
      ...(set ? ['password'] : []),
      ...(lockedAfter === isLocked ? [] : [`${lockedAfter ? 'lock' : 'unlock'} the password`]),
    ],
    locked: lockedAfter,
    digest,
  };
}

/** The hash goes through a pipe from `printf`, which is part of the shell: no argv shows it. */
function setPassword(name: string, hash: Text): Text {
  const line = quoteText(mapText(hash, (text) => `${name}:${text}`));
  return mapText(line, (word) => `printf '%s\\n' ${word} | chpasswd --encrypted`);
}
