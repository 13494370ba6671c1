import type { Client } from 'ssh2';

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

function handlersOf(client: Client): Table | undefined {
  const handlers = tableAt(tableAt(client, '_protocol'), '_handlers');
  return handlers;
}

function tableAt(owner: object | undefined, name: string): Table | undefined {
  const value: unknown = owner === undefined ? undefined : Reflect.get(owner, name);
  return typeof value === 'object' && value !== null ? (value as Table) : undefined;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}
