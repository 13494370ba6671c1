import type { Connection } from '../../model/host.js';
import { reveal, type Secret } from '../../util/secret.js';
import type { Opener } from '../../transport/open.js';
import type { ConnectingArgs } from './args.js';
import { askSecret, canAsk } from './ask.js';

/** Runs work that needs the terminal for itself. */
export type Hold = <T>(work: () => Promise<T>) => Promise<T>;

export interface OpeningOptions {
  readonly args: ConnectingArgs;
  readonly connections: ReadonlyMap<string, Connection>;
  readonly hold: Hold;
  /** False works beside a run: the hosts' locks are not taken. Default true. */
  readonly exclusive?: boolean | undefined;
  /** True lets reads leave notes on the hosts, for later ones. Default false: then only tasks write. */
  readonly notes?: boolean | undefined;
  readonly onReconnect?: (host: string) => void;
  readonly scratch?: string | undefined;
  readonly onReadOnly?: (host: string, paths: readonly string[]) => void;
}

/**
 * Opens sessions as the command line says. Passwords (`-k`, `-K`) are asked for when the first session is opened: by then
 * all input is known to be good.
 */
export function opener({ args, connections, hold, exclusive, notes, onReconnect, onReadOnly, scratch }: OpeningOptions): Opener {
  const make = async (): Promise<Opener> => {
    const passwords = await hold(() => askPasswords(args));
    const { sessionOpener } = await import('../../transport/open.js');
    return sessionOpener({
      connections: new Map([...connections].map(([host, connection]) => [host, withPasswords(connection, passwords)])),
      acceptNewHostKeys: args['accept-new-host-keys'],
      connectTimeoutSeconds: args.timeout,
      exclusive,
      notes,
      ask: (question) => (canAsk() ? hold(() => askSecret(`${question}: `)) : Promise.resolve(undefined)),
      ...(onReconnect === undefined ? {} : { onReconnect }),
      scratch,
      ...(onReadOnly === undefined ? {} : { onReadOnly }),
    });
  };
  let made: Promise<Opener> | undefined;
  return {
    open: async (host, user) => (await (made ??= make())).open(host, user),
    openCopy: async (host, user) => (await (made ??= make())).openCopy(host, user),
    close: async () => {
      const opened = await made?.catch(() => undefined);
      await opened?.close();
    },
  };
}

interface Passwords {
  readonly login: Secret | undefined;
  readonly become: Secret | undefined;
}

async function askPasswords(args: ConnectingArgs): Promise<Passwords> {
  const login = args['ask-pass'] ? await askSecret('Login password: ') : undefined;
  if (!args['ask-become-pass']) return { login, become: undefined };
  const typed = await askSecret(login === undefined ? 'sudo password: ' : 'sudo password (empty: the login password): ');
  return { login, become: login !== undefined && reveal(typed) === '' ? login : typed };
}

function withPasswords(connection: Connection, { login, become }: Passwords): Connection {
  return { ...connection, password: login ?? connection.password, becomePassword: become ?? connection.becomePassword };
}
