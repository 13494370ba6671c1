import type { Secret } from '../util/secret.js';
import { answerSudo, becomeCommand, becomeFault } from './become.js';
import type { Transport } from './channel.js';
import { ConnectionLost } from './connectionLost.js';
import { frameDecoder, type Frame } from './frames.js';
import { prelude } from './scripts.js';

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
  /** Whether reads may leave notes on the host for later ones. Default false. */
  readonly notes?: boolean | undefined;
}

/** Starts a shell as `user`: directly, through sudo, or (from root) through runuser. */
export async function openShell({ transport, token, becomePassword, ...options }: ShellOptions): Promise<Shell> {
  const user = options.user === LOGIN_USER ? transport.loginUser : options.user;
  const channel = await transport.start(becomeCommand({ login: transport.loginUser, user, token, password: becomePassword }));
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
    const [bootId = '', uid = ''] = await converse(prelude(token, options.notes), ({ words }) =>
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
