import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import { ProvisionError } from '../../model/errors.js';
import { algorithmsFor } from './algorithms.js';
import { startLogin } from './authenticate.js';
import type { Candidates } from './candidates.js';
import type { Clock } from './clock.js';
import { decideOnKey } from './host-key.js';
import type { KnownHost } from './known-hosts.js';
import type { Settings } from './settings.js';

/** How far a connection got. */
export type Phase = 'banner' | 'key exchange' | 'login';

/** A connection that ended before it was logged in, and where. */
export class HandshakeFailed extends Error {
  constructor(
    readonly phase: Phase,
    /** Labels of what a login was tried with. */
    readonly tried: readonly string[],
    /** What the server said instead of SSH's own banner. */
    readonly greeting: string | undefined,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : 'the connection was closed');
  }
}

export interface HandshakeResult {
  readonly client: Client;
  /** Resolves when the connection has ended, with the error that ended it, where one did. */
  readonly closed: Promise<Error | undefined>;
  /** A key to be noted down in known_hosts. */
  readonly newKey: Buffer | undefined;
}

/**
 * Speaks SSH over a stream: verifies the host's key, logs in. Rejects with HandshakeFailed, or with the UnreachableError or
 * InputError of what decided it. The client keeps an error listener for good: an error without one ends the process.
 */
export function handshake(
  stream: Duplex,
  settings: Settings,
  knownHost: KnownHost,
  candidates: Candidates,
  clock: Clock,
): Promise<HandshakeResult> {
  const client = new ssh2.Client();
  let phase: Phase = 'banner';
  let lastError: Error | undefined;
  let newKey: Buffer | undefined;
  let greeting: string | undefined;
  const closed = new Promise<Error | undefined>((resolve) => {
    client.on('close', () => {
      resolve(lastError);
    });
  });
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (): boolean => {
      const first = !settled;
      settled = true;
      unwatch();
      return first;
    };
    const fail = (error: unknown): void => {
      if (!settle()) return;
      reject(error instanceof ProvisionError ? error : new HandshakeFailed(phase, login.tried, greeting, error));
      client.end();
      stream.destroy();
    };
    const unwatch = clock.onExpired(() => {
      fail(undefined);
    });
    const login = startLogin(settings.user, candidates, fail);
    client.on('error', (error: Error & { level?: string }) => {
      lastError = error;
      if (error.level === 'agent') login.sawError(error);
      else fail(error);
    });
    void closed.then(fail);
    client.on('handshake', () => {
      phase = 'login';
    });
    client.on('change password', () => {
      fail(new Error('the password has expired and must be changed first'));
    });
    client.on('ready', () => {
      if (settle()) resolve({ client, closed, newKey });
    });
    client.connect({
      sock: stream,
      username: settings.user,
      readyTimeout: 0,
      keepaliveInterval: settings.keepaliveSeconds * 1000,
      keepaliveCountMax: settings.keepaliveCount,
      algorithms: algorithmsFor([...knownHost.keys, ...knownHost.keysWithoutPort].map((line) => line.type)),
      hostVerifier: (key: Buffer): boolean => {
        const decision = decideOnKey(settings, knownHost, key);
        if (decision === 'accept-and-remember') newKey = Buffer.from(key);
        if (decision instanceof Error) fail(decision);
        return !(decision instanceof Error);
      },
      authHandler: (left, partial, next) => {
        login.handler(left, partial, next);
      },
    });
    client.setNoDelay(true);
    // After connect(), which has paused the stream: this listener must not start it.
    stream.once('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      if (/^SSH-/m.test(text)) phase = 'key exchange';
      else greeting = text.trim();
    });
  });
}
