import { UnreachableError } from '../model/errors.js';
import { reveal, scrub, type Secret } from '../util/secret.js';
import { quote } from '../util/shell.js';
import type { ByteChannel, Transport } from './channel.js';
import { ConnectionLost } from './connectionLost.js';

export interface Become {
  /** The account that logs in. */
  readonly login: string;
  /** The account to become. */
  readonly user: string;
  readonly token: string;
  /** The password that sudo asks for, where it asks. */
  readonly password: Secret | undefined;
  /** sh to run as that account. Default: a shell that reads its standard input. */
  readonly script?: string | undefined;
}

/**
 * The command that becomes an account: nothing, runuser (from root) or sudo. With a password it prints the marker
 * `shell` when sudo is content.
 */
export function becomeCommand({ login, user, token, password, script }: Become): string {
  const shell = script === undefined ? 'sh' : `sh -c ${quote(script)}`;
  if (login === user) return `exec ${shell}`;
  if (login === 'root') return `exec runuser -u ${quote(user)} -- ${shell}`;
  if (password === undefined) return `exec sudo -n -H -u ${quote(user)} -- ${shell}`;
  const begin = `printf '\\n${token} shell\\n'; ${script ?? 'exec sh'}`;
  return `exec sudo -S -p ${quote(`${token}:password`)} -H -u ${quote(user)} -- sh -c ${quote(begin)}`;
}

/** Gives sudo the password when it asks, once: a second question means that it was wrong. Rejects then. */
export function answerSudo(
  channel: ByteChannel,
  token: string,
  password: Secret | undefined,
  keep: (text: string) => void,
): Promise<never> {
  let asked = 0;
  let tail = '';
  const answer = new Promise<never>((_, reject) => {
    channel.stderr.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      keep(text);
      tail += text;
      if (!tail.includes(`${token}:password`)) return;
      tail = '';
      if (asked++ === 0 && password !== undefined) channel.stdin.write(`${reveal(password)}\n`);
      else reject(new ConnectionLost());
    });
  });
  answer.catch(() => undefined);
  return answer;
}

/** Why there is no shell of an account, by what sudo said. */
export function becomeFault(transport: Transport, user: string, stderr: string, hadPassword: boolean): UnreachableError {
  const said = scrub(stderr)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/[0-9a-f]{32}:password/g, ''))
    .join(' ')
    .trim();
  const who = `${transport.loginUser} on ${transport.host}`;
  if (/password is required|a terminal is required/.test(said)) {
    return new UnreachableError(`sudo asks for a password of ${who}, and none was given`, {
      hint: 'give it with -K (--ask-become-pass), or ansible_become_password as a vaulted variable',
    });
  }
  if (hadPassword && (said === '' || /try again|incorrect password|sorry/i.test(said))) {
    return new UnreachableError(`sudo refused the password of ${who}`, {
      hint: 'give the right one with -K (--ask-become-pass)',
    });
  }
  return new UnreachableError(`no shell as ${user} for ${who}${said === '' ? '' : `: ${said}`}`, {
    hint: `the login needs sudo rights to become ${user}, and sudo must be installed`,
  });
}
