import type { UnreachableError } from '../../model/errors.js';
import { LoginRefused } from './authenticate.js';
import type { Clock } from './clock.js';
import { denied, messageOf, unreachable } from './failure.js';
import type { HandshakeFailed } from './handshake-failed.js';
import type { Settings } from './settings.js';

/** Puts a failed handshake into words: what happened, how far it got, what to do. */
export function describeHandshakeFailure(settings: Settings, failure: HandshakeFailed, clock: Clock): UnreachableError {
  const { cause } = failure;
  if (cause instanceof LoginRefused) return describeRefusal(settings, cause);
  if (failure.timedOut) return describeTimeout(settings, failure, clock);
  if (failure.phase === 'login') {
    if (/too many authentication failures/i.test(messageOf(cause))) {
      return denied(
        settings,
        `the server ended the login after too many attempts (${list(failure.tried)})`,
        'name the right key (ansible_ssh_private_key_file, or IdentityFile with IdentitiesOnly yes in ssh_config)',
        cause,
      );
    }
    return unreachable(
      settings,
      `the login failed: ${failure.message} (tried: ${list(failure.tried)})`,
      loginHint(settings),
      cause,
    );
  }
  if (failure.phase === 'key exchange') {
    const hint = /no matching/i.test(failure.message)
      ? 'the server is too old or too strict for the algorithms of this tool: allow curve25519-sha256 and aes128-gcm@openssh.com or aes256-ctr there'
      : undefined;
    return unreachable(settings, `the SSH handshake failed: ${failure.message}`, hint, cause);
  }
  const said = failure.greeting === undefined ? '' : ` (it said: ${failure.greeting})`;
  return unreachable(
    settings,
    `the connection was closed before the server said anything of SSH${said}`,
    'is this the SSH port? sshd closes connections when too many come at once (MaxStartups), or after failed logins from your address (PerSourcePenalties, fail2ban)',
    cause,
  );
}

function describeTimeout(settings: Settings, failure: HandshakeFailed, clock: Clock): UnreachableError {
  const stage = {
    banner: 'connected, but nothing of SSH was heard',
    'key exchange': 'connected, but the SSH handshake was not done',
    login: 'connected, but the login was not done',
  }[failure.phase];
  return unreachable(
    settings,
    `${stage} within ${clock.seconds} s`,
    failure.phase === 'banner'
      ? 'is this the SSH port, and is sshd alive?'
      : 'the host may be overloaded; ConnectTimeout in ssh_config allows more time',
    failure.cause,
  );
}

function describeRefusal(settings: Settings, refusal: LoginRefused): UnreachableError {
  const tried = refusal.tried.length === 0 ? 'there was nothing to log in with' : `tried: ${refusal.tried.join('; ')}`;
  const takes = refusal.methods === undefined ? '' : `; the server takes ${refusal.methods.join(', ') || 'nothing'}`;
  const notes = refusal.notes.map((note) => `; ${note}`).join('');
  return denied(settings, `login refused (${tried}${takes}${notes})`, loginHint(settings));
}

function loginHint(settings: Settings): string {
  return (
    `put your public key into ~${settings.user}/.ssh/authorized_keys on the host, or name another key (ansible_ssh_private_key_file, ` +
    '--private-key) or user (ansible_user, -u), or give a password (-k)'
  );
}

function list(tried: readonly string[]): string {
  return tried.length === 0 ? 'nothing' : tried.join('; ');
}
