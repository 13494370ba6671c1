/** Who connects to a service: another service of a host, or people outside of the site. */
export type Client = { readonly host: string; readonly service: string } | 'internet' | 'operators';

/** Something that a site's hosts offer over the network, as a playbook's `services` tells: for pictures and checks of the whole. */
export interface Service {
  /** The name of its host. */
  readonly host: string;
  /** A short name, unique on its host: `haproxy`. */
  readonly name: string;
  /** What people call it: `HAProxy`. */
  readonly title: string;
  /** Its TCP port. */
  readonly port: number;
  /** True where it listens on its host's loopback address only. Default false. */
  readonly loopback?: boolean;
  /** Whether what clients say to it is encrypted on its way. */
  readonly encrypted: boolean;
  /** True where it serves nothing itself, and only sends clients to an encrypted service of its host. Default false. */
  readonly redirects?: boolean;
  /** What the site needs it for. Services with the same purpose stand in for each other; one that is alone must not fail. */
  readonly serves: readonly string[];
  /** Who connects to it. */
  readonly clients: readonly Client[];
  /** More about it, in a word or two: `primary`, `weight 50`. */
  readonly detail?: string | undefined;
  /** True for what keeps data: it is drawn as a database is. Default false. */
  readonly stateful?: boolean;
}
