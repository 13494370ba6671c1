import { UnreachableError } from '../model/errors.js';
import { reveal, scrub, type Secret } from '../util/secret.js';
import { quote } from '../util/shell.js';
import type { ByteChannel, Transport } from './channel.js';
import { frameDecoder, type Frame } from './frames.js';
import { prelude } from './scripts.js';

/** The connection went away while an answer was awaited. */
export class ConnectionLost extends Error {}

/** How long a shell may take to end by itself. */
const PATIENCE_MILLISECONDS = 2000;

/** A long-lived POSIX shell of one account on a host. */
export interface Shell {
  readonly bootId: string;
  readonly isRoot: boolean;
  /**
   * Sends text and hands the frames that come to `handle` until it returns something. One conversation at a time.
   * Rejects with ConnectionLost.
   */
  converse<T>(text: string, handle: (frame: Frame) => T | undefined): Promise<T>;
  /** Sends text without waiting for an answer. */
  send(text: string): void;
  destroy(): void;
  /** Lets it finish what it was sent, then ends it. */
  end(): Promise<void>;
}

/** Stands for the account that logs in, whichever that is. */
export const LOGIN_USER = '';

export interface ShellOptions {
  readonly transport: Transport;
  /** The account it runs as, or `LOGIN_USER`. */
  readonly user: string;
  readonly token: string;
  /** The password that sudo asks for, where it asks. */
  readonly becomePassword: Secret | undefined;
}

/** Starts a shell as `user`: directly, through sudo, or (from root) through runuser. */
export async function openShell({ transport, token, becomePassword, ...options }: ShellOptions): Promise<Shell> {
  const user = options.user === LOGIN_USER ? transport.loginUser : options.user;
  const channel = await transport.start(shellCommand(transport.loginUser, user, token, becomePassword));
  let stderr = '';
  let listener: ((frame: Frame) => void) | undefined;
  channel.stdout.on(
    'data',
    frameDecoder(token, (frame) => listener?.(frame)),
  );
  const gone = channel.exit.then((): never => {
    throw new ConnectionLost();
  });
  gone.catch(() => undefined);

  const converse = <T>(text: string, handle: (frame: Frame) => T | undefined): Promise<T> => {
    const answer = new Promise<T>((resolve, reject) => {
      listener = (frame) => {
        try {
          const result = handle(frame);
          if (result !== undefined) resolve(result);
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
    });
    channel.stdin.write(text);
    return Promise.race([answer, gone]);
  };

  const password = answerSudo(channel, token, becomePassword, (chunk) => {
    stderr += chunk;
  });
  try {
    if (becomePassword !== undefined && user !== transport.loginUser) {
      await Promise.race([converse('', ({ words }) => (words[0] === 'shell' ? true : undefined)), password]);
    }
    const [bootId = '', uid = ''] = await converse(prelude(token), ({ words }) =>
      words[0] === 'ready' ? words.slice(1) : undefined,
    );
    return {
      bootId,
      isRoot: uid === '0',
      converse,
      send: (text) => {
        channel.stdin.write(text);
      },
      destroy: () => {
        channel.destroy();
      },
      end: async () => {
        channel.stdin.end('exit\n');
        const patience = setTimeout(() => {
          channel.destroy();
        }, PATIENCE_MILLISECONDS);
        await channel.exit;
        clearTimeout(patience);
      },
    };
  } catch (error) {
    channel.destroy();
    if (error instanceof ConnectionLost) throw becomeFault(transport, user, stderr, becomePassword !== undefined);
    throw error;
  }
}

function shellCommand(login: string, user: string, token: string, password: Secret | undefined): string {
  if (login === user) return 'exec sh';
  if (login === 'root') return `exec runuser -u ${quote(user)} -- sh`;
  if (password === undefined) return `exec sudo -n -H -u ${quote(user)} -- sh`;
  return `exec sudo -S -p ${quote(`${token}:password`)} -H -u ${quote(user)} -- sh -c ${quote(`printf '\\n${token} shell\\n'; exec sh`)}`;
}

/** Gives sudo the password when it asks, once: a second question means that it was wrong. Rejects then. */
function answerSudo(
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

function becomeFault(transport: Transport, user: string, stderr: string, hadPassword: boolean): UnreachableError {
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
