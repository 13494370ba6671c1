import { defineFact, type Read } from '../model/fact.js';

/** An address that several hosts may hold, by VRRP: one of them at a time. */
export interface VirtualAddress {
  /** The instance's name in keepalived's configuration. */
  readonly instance: string;
  readonly address: string;
  /** Whether this host holds it now. */
  readonly held: boolean;
}

const CONFIG = '/etc/keepalived/keepalived.conf';
const MARK = '=== addresses';

const fact = defineFact<null, readonly VirtualAddress[]>({
  name: 'virtualAddresses',
  live: true,
  key: () => '',
  topics: () => [`path:${CONFIG}`, 'network:*'],
  command: () => `cat ${CONFIG} 2>/dev/null; echo; echo '${MARK}'; ip -o address show`,
  parse: ({ stdout }) => {
    const [config = '', addresses = ''] = stdout.split(`${MARK}\n`);
    const held = new Set([...addresses.matchAll(/\sinet6?\s+([0-9a-f.:]+)/g)].map(([, address]) => address));
    return config.split(/^\s*vrrp_instance\s+/m).flatMap((text, index) => {
      if (index === 0) return [];
      const instance = /^\S+/.exec(text)?.[0] ?? '';
      const block = /^\s*virtual_ipaddress\s*\{([^}]*)\}/m.exec(text)?.[1] ?? '';
      return block
        .split('\n')
        .map((line) => /^\s*([0-9a-f.:]+)(?:\/|\s|$)/.exec(line)?.[1])
        .filter((address) => address !== undefined)
        .map((address) => ({ instance, address, held: held.has(address) }));
    });
  },
});

/** The virtual addresses that the task's own host takes part in, as keepalived's configuration names them; none without one. */
export const virtualAddresses: Read<readonly VirtualAddress[]> = fact(null);
