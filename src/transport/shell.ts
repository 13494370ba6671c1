import { randomBytes } from 'node:crypto';
import type { Secret } from '../util/secret.js';
import { answerSudo, becomeCommand, becomeFault } from './become.js';
import type { Transport } from './channel.js';
import { ConnectionLost } from './connectionLost.js';
import { frameDecoder, type Frame } from './frames.js';
import { prelude } from './scripts.js';

/** How long a shell may take to end by itself. */
const PATIENCE_MILLISECONDS = 2000;

/** What a shell says of itself at its start. */
export interface ShellSelf {
  readonly bootId: string;
  readonly isRoot: boolean;
}

/** A long-lived POSIX shell of one account on a host. */
export interface Shell {
  /** Its first answer. It may be told what to do before that. Rejects with UnreachableError where no shell of the account is to be had. */
  readonly self: Promise<ShellSelf>;
  /**
   * Sends text and hands the frames that come to `handle` until it returns something. One conversation at a time.
   * Rejects with ConnectionLost, or with what `self` is rejected with.
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

/**
 * Starts a shell as `user`: directly, through sudo, or (from root) through runuser. It does not wait for the shell's first answer, so
 * that the first question goes with its first words; but for sudo, where that is given a password.
 */
export async function openShell({ transport, token, becomePassword, ...options }: ShellOptions): Promise<Shell> {
  const user = options.user === LOGIN_USER ? transport.loginUser : options.user;
  // It stands in an argv, where everybody on the host may read it: whoever knows the frames' own token could put frames in a file.
  const sudoToken = randomBytes(16).toString('hex');
  const channel = await transport.start(
    becomeCommand({ login: transport.loginUser, user, token: sudoToken, password: becomePassword }),
  );
  let stderr = '';
  let isReady = false;
  let listener: ((frame: Frame) => void) | undefined;
  let onReady: ((self: ShellSelf) => void) | undefined;
  let onSudo = (): void => undefined;
  const decode = frameDecoder(token, (frame) => {
    const [word, bootId = '', uid = ''] = frame.words;
    if (word !== 'ready' || isReady) listener?.(frame);
    else {
      isReady = true;
      onReady?.({ bootId, isRoot: uid === '0' });
    }
  });
  const decodeSudo = frameDecoder(sudoToken, () => {
    onSudo();
  });
  const asksSudo = becomePassword !== undefined && user !== transport.loginUser;
  channel.stdout.on('data', decode);
  if (asksSudo) channel.stdout.on('data', decodeSudo);
  const gone = channel.exit.then((): never => {
    throw isReady ? new ConnectionLost() : becomeFault(transport, user, stderr, becomePassword !== undefined);
  });
  gone.catch(() => undefined);
  const password = answerSudo(channel, sudoToken, becomePassword, (chunk) => {
    stderr += chunk;
  });

  try {
    if (asksSudo) {
      await Promise.race([new Promise<void>((resolve) => (onSudo = resolve)), password, gone]);
      channel.stdout.off('data', decodeSudo);
    }
  } catch (error) {
    channel.destroy();
    throw error instanceof ConnectionLost ? becomeFault(transport, user, stderr, becomePassword !== undefined) : error;
  }
  const self = Promise.race([new Promise<ShellSelf>((resolve) => (onReady = resolve)), gone]);
  self.catch(() => undefined);
  channel.stdin.write(prelude(token, options.notes));

  return {
    self,
    converse: <T>(text: string, handle: (frame: Frame) => T | undefined): Promise<T> => {
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
    },
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
}
