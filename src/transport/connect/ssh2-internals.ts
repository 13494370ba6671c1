import type { Client, ParsedKey } from 'ssh2';

/**
 * What ssh2 (1.17.0) does by itself and has no option against. Each of these looks whether ssh2 is made as it was when this was
 * written, and leaves it alone where it is not: all works without them, only slower.
 */
type Handler = (...args: readonly unknown[]) => unknown;
type Table = Record<string, unknown>;

/**
 * Leaves a server's list of its host keys alone (`hostkeys-00@openssh.com`). ssh2 has the server prove each of them: a question more,
 * and milliseconds of signatures on both sides, for an answer that nobody here listens to.
 */
export function ignoreFurtherHostKeys(client: Client): void {
  const handlers = handlersOf(client);
  const original = handlers?.['GLOBAL_REQUEST'];
  if (handlers === undefined || !isHandler(original)) return;
  handlers['GLOBAL_REQUEST'] = (...args: readonly unknown[]): unknown => {
    const [, name, wantsReply] = args;
    return name === 'hostkeys-00@openssh.com' && wantsReply !== true ? undefined : original(...args);
  };
}

/** A key to log in with. */
export interface Signer {
  readonly user: string;
  readonly key: ParsedKey;
}

/** What a server says of a key that did not log in. */
export interface Refusal {
  /** What it takes now, where it was asked at all. */
  readonly methods: readonly string[] | undefined;
  /** The key was right, and something else is wanted on top. */
  readonly partial: boolean;
}

/** Whether `loginAtOnce` can do its work. */
export function canLoginAtOnce(client: Client): boolean {
  const protocol = tableAt(client, '_protocol');
  return isHandler(protocol?.['authPK']) && isHandler(handlersOf(client)?.['USERAUTH_FAILURE']);
}

/**
 * Logs in with a key, signed, without waiting for anything: behind the request for the login service, which the server answers before
 * it looks at this. ssh2 waits for that answer, and then asks whether the key would do: two turns. `refused` is called where the key
 * did not log in. The key must not need EXT_INFO (RSA).
 */
export function loginAtOnce(client: Client, { user, key }: Signer, refused: (refusal: Refusal) => void): void {
  const protocol = tableAt(client, '_protocol');
  const handlers = handlersOf(client);
  const request = protocol?.['authPK'];
  const original = handlers?.['USERAUTH_FAILURE'];
  if (handlers === undefined || !isHandler(request)) throw new Error('ssh2 is made in another way');
  // Its own handler expects that it began the login itself.
  handlers['USERAUTH_FAILURE'] = (_protocol: unknown, methods: unknown, partial: unknown) => {
    handlers['USERAUTH_FAILURE'] = original;
    refused({ methods: Array.isArray(methods) ? methods.map(String) : [], partial: partial === true });
  };
  const sign = (data: Buffer, done: (signature: Buffer) => void): void => {
    const signature: Buffer | Error = key.sign(data);
    if (signature instanceof Error) throw signature;
    done(signature);
  };
  Reflect.apply(request, protocol, [user, key, key.type, sign]);
}

function handlersOf(client: Client): Table | undefined {
  return tableAt(tableAt(client, '_protocol'), '_handlers');
}

function tableAt(owner: object | undefined, name: string): Table | undefined {
  const value: unknown = owner === undefined ? undefined : Reflect.get(owner, name);
  return typeof value === 'object' && value !== null ? (value as Table) : undefined;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}
