import type { Secret } from '../util/secret.js';

/** How a host is reached: what the inventory says and the command line overrides. ssh_config fills in the rest. */
export interface Connection {
  readonly type: 'ssh' | 'local';
  /** `ansible_host`, or the host's own name. */
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly privateKeyFile?: string | undefined;
  readonly password?: Secret | undefined;
  readonly becomePassword?: Secret | undefined;
  /** A known_hosts file to use instead of the user's own and the system's. */
  readonly knownHostsFile?: string | undefined;
  /** Longest time until the connection stands, in seconds. */
  readonly connectTimeoutSeconds?: number | undefined;
}

/** A host of the inventory, its variables validated against the playbook's schema. */
export interface Host<V = unknown> {
  readonly name: string;
  readonly groups: readonly string[];
  /** Where other hosts of the inventory reach it: `ansible_host`, or its name. */
  readonly address: string;
  readonly vars: V;
}
