import type { Client } from 'ssh2';
import type { Secret } from '../../util/secret.js';

/** Whom to connect to and how far to go for it. What is left out comes from the user's ssh_config, then from defaults. */
export interface ConnectTarget {
  /** The inventory's name of the host, for messages. */
  readonly name: string;
  /** Host name, IP address or an alias of ssh_config. */
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  /** Tried before all other keys; a missing or unreadable one is an InputError. `~/` is the home directory. */
  readonly privateKeyFile?: string | undefined;
  /** Given to the `password` and `keyboard-interactive` methods, of this host alone and never of its jump hosts. */
  readonly password?: Secret | undefined;
  /** Instead of the user's own known_hosts files and the system's. */
  readonly knownHostsFile?: string | undefined;
  /** Longest time from dialling to being logged in, in seconds, without the time that questions to a person take. Default 10. */
  readonly connectTimeoutSeconds?: number | undefined;
  /** Adds the key of a host that is not known to its known_hosts file. A changed key is refused all the same. */
  readonly acceptNewHostKeys: boolean;
  /** Instead of ~/.ssh/config and /etc/ssh/ssh_config; `none` reads neither. Default: $PROVISION_SSH_CONFIG, where it is set. */
  readonly sshConfigFile?: string | undefined;
  /** Asks for the passphrase of a key file, once per file. Undefined leaves the key out. */
  readonly askPassphrase?: ((keyFile: string) => Promise<Secret | undefined>) | undefined;
  /** Asks for the password of `user@host`. Undefined leaves passwords out. */
  readonly askPassword?: ((account: string) => Promise<Secret | undefined>) | undefined;
}

/** A logged-in connection to a host whose key was verified. */
export interface SshConnection {
  readonly client: Client;
  /** Where it leads: ssh_config's HostName, or the target's address. */
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Ends it, and with it the jump hosts that only it used. Never rejects. */
  close(): Promise<void>;
  /**
   * Calls back once when the connection has ended, with the error that ended it, or without where it was closed in order.
   * Called in any case, soon, when it had ended before.
   */
  onClosed(callback: (error?: Error) => void): void;
}
