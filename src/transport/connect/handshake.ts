import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import { ProvisionError } from '../../model/errors.js';
import { began } from '../../util/timing.js';
import { algorithmsFor } from './algorithms.js';
import { startLogin } from './authenticate.js';
import type { Candidates } from './candidate.js';
import type { Certified } from './certified-key.js';
import type { Clock } from './clock.js';
import { keyType } from './fingerprint.js';
import { decideOnKey } from './host-key.js';
import { HandshakeFailed, type Phase } from './handshake-failed.js';
import type { KnownHost } from './known-hosts.js';
import type { Settings } from './settings.js';
import { ignoreFurtherHostKeys } from './ssh2-internals.js';

/** A logged-in client and what came with it. */
export interface HandshakeResult {
  readonly client: Client;
  /** What it speaks over. */
  readonly stream: Duplex;
  /** Resolves when the connection has ended, with the error that ended it, where one did. */
  readonly closed: Promise<Error | undefined>;
  /** A key to be noted down in known_hosts. */
  readonly newKey: Buffer | undefined;
}

/** What is known of who the host is. */
export interface HostIdentity {
  readonly known: KnownHost;
  readonly certified: Certified | undefined;
}

/**
 * Speaks SSH over a stream: verifies the host's key, logs in. Rejects with HandshakeFailed, or with the UnreachableError or
 * InputError of what decided it. The client keeps an error listener for good: an error without one ends the process.
 */
export function handshake(
  stream: Duplex,
  settings: Settings,
  { known, certified }: HostIdentity,
  candidates: Candidates,
  clock: Clock,
): Promise<HandshakeResult> {
  const client = new ssh2.Client();
  let phase: Phase = 'banner';
  let lastError: Error | undefined;
  let newKey: Buffer | undefined;
  let endPhase = began('key exchange', settings.name);
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
      endPhase();
      unwatch();
      return first;
    };
    const fail = (error: unknown): void => {
      if (!settle()) return;
      reject(error instanceof ProvisionError ? error : new HandshakeFailed(phase, login.tried, greeting, error, clock.expired()));
      client.end();
      stream.destroy();
    };
    const unwatch = clock.onExpired(() => {
      fail(undefined);
    });
    const login = startLogin(settings.user, candidates, fail);
    client.on('error', (error: Error & { level?: string }) => {
      lastError = error;
      // A key that fails to sign leaves the others; what the user must hear of ends it.
      if (error.level === 'agent' && !(error instanceof ProvisionError)) login.sawError(error);
      else fail(error);
    });
    void closed.then(fail);
    client.on('handshake', () => {
      if (phase === 'login') return;
      phase = 'login';
      endPhase();
      endPhase = began('authentication', settings.name);
      login.begin(client);
    });
    client.on('change password', () => {
      fail(new Error('the password has expired and must be changed first'));
    });
    client.on('ready', () => {
      lastError = undefined;
      if (settle()) resolve({ client, stream, closed, newKey });
    });
    client.connect({
      sock: stream,
      username: settings.user,
      readyTimeout: 0,
      keepaliveInterval: settings.keepaliveSeconds * 1000,
      keepaliveCountMax: settings.keepaliveCount,
      algorithms: algorithmsFor(knownTypes(known, certified)),
      hostVerifier: (key: Buffer): boolean => {
        const decision = decideOnKey(settings, known, certified, key);
        if (decision === 'accept-and-remember') newKey = Buffer.from(key);
        if (decision instanceof Error) fail(decision);
        return !(decision instanceof Error);
      },
      authHandler: (left, partial, next) => {
        login.handler(left, partial, next);
      },
    });
    ignoreFurtherHostKeys(client);
    client.setNoDelay(true);
    // A stream that ended since it was made does not say so again.
    if (stream.destroyed) fail(stream.errored ?? undefined);
    // After connect(), which has paused the stream: this listener must not start it.
    stream.once('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1');
      if (/^SSH-/m.test(text)) phase = 'key exchange';
      else greeting = text.trim();
    });
  });
}

/** The types of key to ask for first. */
function knownTypes(known: KnownHost, certified: Certified | undefined): readonly string[] {
  if (certified !== undefined && 'key' in certified) return [keyType(certified.key)];
  return [...known.keys, ...known.keysWithoutPort].map((line) => line.type);
}
