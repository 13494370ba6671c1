import { sha256 } from '../../util/hash.js';
import { sourcesOf } from './sources.js';

/** The table that is the tool's own. */
export const TABLE = 'inet provision';

/** Who may connect to which ports. */
export interface AcceptRule {
  /** What it is for, as the rule's comment. */
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'vrrp';
  /** Empty for VRRP, which has none. */
  readonly ports: readonly number[];
  /** Addresses and networks; undefined is anybody. */
  readonly from: readonly string[] | undefined;
}

export interface Ruleset {
  readonly ssh: { readonly ports: readonly number[]; readonly from: readonly string[]; readonly perMinute: number };
  readonly accept: readonly AcceptRule[];
}

/** The table as a file for `nft -f`, which replaces it as a whole, and the word in it that tells these rules from others. */
export function rulesetText(ruleset: Ruleset): { readonly text: string; readonly rules: string } {
  const lines = [...FIRST, ...sshRules(ruleset.ssh), ...ruleset.accept.flatMap(acceptRules)];
  const rules = sha256(lines.join('\n')).slice(0, 12);
  const text = `#!/usr/sbin/nft -f
# Managed by provision. Only this table is its own: those of others (Docker's, fail2ban's) stay as they are.
table ${TABLE}
delete table ${TABLE}
table ${TABLE} {
  set ssh4 { type ipv4_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  set ssh6 { type ipv6_addr; size 65535; flags dynamic,timeout; timeout 1m; }
  chain input {
    type filter hook input priority filter; policy drop;
${lines.map((line) => `    ${line}\n`).join('')}    limit rate 5/minute burst 10 packets log prefix "firewall drop: " level info
    counter comment "rules ${rules}: what comes here is dropped"
  }
}
`;
  return { text, rules };
}

/**
 * What the other side says on a connection that this host had opened before it had rules: its kernel, which follows
 * connections only from then on, takes the first packet that it sees for a beginning. So a replica would lose its primary
 * ten seconds after its firewall was loaded. The ports are those that Linux gives to connections by default
 * (net.ipv4.ip_local_port_range), and more; without SYN nothing is opened, so a stranger gets no further than a reset.
 */
const OPEN_BEFORE = 'tcp dport 32768-65535 tcp flags & (fin | syn | rst | ack) == ack ct state new accept';

/** What each host needs, whatever it offers: answers, its own, errors, neighbours, addresses by DHCP. */
const FIRST = [
  'iif "lo" accept',
  'ct state established,related accept',
  'ct state invalid counter drop',
  OPEN_BEFORE,
  'icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } limit rate 100/second accept',
  'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, nd-router-advert, mld-listener-query } accept',
  'icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem } limit rate 100/second accept',
  'udp sport 67 udp dport 68 accept',
  'ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept',
];

/** From the control addresses; where there are none from anywhere, but no more than so many new connections a minute from each. */
function sshRules({ ports, from, perMinute }: Ruleset['ssh']): readonly string[] {
  const to = `tcp dport ${oneOf(ports.map(String))}`;
  if (from.length > 0) return acceptRules({ name: 'ssh', protocol: 'tcp', ports, from });
  const over = `limit rate over ${perMinute}/minute burst ${2 * perMinute} packets } counter drop comment "ssh, too often"`;
  return [
    `${to} ct state new update @ssh4 { ip saddr ${over}`,
    `${to} ct state new update @ssh6 { ip6 saddr ${over}`,
    `${to} counter accept comment "ssh"`,
  ];
}

function acceptRules({ name, protocol, ports, from }: AcceptRule): readonly string[] {
  // By number: names of protocols need a package that minimal hosts have not.
  const what = protocol === 'vrrp' ? 'meta l4proto 112' : `${protocol} dport ${oneOf(ports.map(String))}`;
  const verdict = `counter accept comment "${name}"`;
  if (from === undefined) return [`${what} ${verdict}`];
  const { ipv4, ipv6 } = sourcesOf(from);
  return [
    ...(ipv4.length === 0 ? [] : [`ip saddr ${oneOf(ipv4)} ${what} ${verdict}`]),
    ...(ipv6.length === 0 ? [] : [`ip6 saddr ${oneOf(ipv6)} ${what} ${verdict}`]),
  ];
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `{ ${values.join(', ')} }`;
}
