import { must } from '../test/rig/run.js';
import { FIRST_PORT, LAST_PORT } from './ports.js';

/** The nft table. */
const TABLE = 'provision_bench';

/** What went over the network between the controller and the hosts' sshds. */
export interface Traffic {
  /** TCP connections. */
  readonly connections: number;
  /** In both directions. */
  readonly packets: number;
  /** Bytes of packets with their headers, to the hosts. */
  readonly sent: number;
  /** The same from the hosts. */
  readonly received: number;
}

/** Begins to count what goes to and from a /24 and its sshds. @param subnet its first three numbers */
export async function countersUp(subnet: string): Promise<void> {
  const ports = `{ 22, ${FIRST_PORT}-${LAST_PORT} }`;
  const rules = `table ip ${TABLE}
delete table ip ${TABLE}
table ip ${TABLE} {
  counter connections {}
  counter sent {}
  counter received {}
  chain output {
    type filter hook output priority 0;
    ip daddr ${subnet}.0/24 tcp dport ${ports} counter name sent
    ip daddr ${subnet}.0/24 tcp dport ${ports} tcp flags & (syn | ack) == syn counter name connections
  }
  chain input {
    type filter hook input priority 0;
    ip saddr ${subnet}.0/24 tcp sport ${ports} counter name received
  }
}
`;
  await must(['nft', '-f', '-'], { input: rules });
}

/** Takes the counters away. */
export async function countersDown(): Promise<void> {
  await must(['nft', '-f', '-'], { input: `table ip ${TABLE}\ndelete table ip ${TABLE}\n` });
}

/** What they have counted. */
export async function readCounters(): Promise<Traffic> {
  return trafficOf(await must(['nft', '-j', 'list', 'counters', 'table', 'ip', TABLE]));
}

interface Listing {
  readonly nftables: readonly {
    readonly counter?: { readonly name: string; readonly packets: number; readonly bytes: number };
  }[];
}

/** Reads nft's JSON. @throws Error where a counter is not in it */
export function trafficOf(json: string): Traffic {
  const { nftables } = JSON.parse(json) as Listing;
  const counter = (name: string): { packets: number; bytes: number } => {
    const found = nftables.find((each) => each.counter?.name === name)?.counter;
    if (found === undefined) throw new Error(`bench: nft names no counter "${name}": ${json}`);
    return found;
  };
  const [sent, received] = [counter('sent'), counter('received')];
  return {
    connections: counter('connections').packets,
    packets: sent.packets + received.packets,
    sent: sent.bytes,
    received: received.bytes,
  };
}
