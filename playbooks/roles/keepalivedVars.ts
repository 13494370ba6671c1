import { isIPv4 } from 'node:net';
import { z } from 'zod';
import type { NetworkAddress } from 'provision/facts/addresses';
import type { Host } from 'provision/host';
import type { HostFault } from 'provision/playbook';
import { addressOf, networkVars } from './network.js';

/** Variables of the virtual address that several load balancers share. */
export const keepalivedVars = z.object({
  ...networkVars.shape,
  /** The site's address, which moves from a load balancer that fails to another. It is no host's own. Default: none, and nothing of keepalived is installed. */
  virtual_address: z.ipv4().optional(),
  /** A second one, for `active-active`: the site's name has both in DNS, and each load balancer holds one while all is well. */
  virtual_address_second: z.ipv4().optional(),
  /** `active-passive`: one load balancer has all requests, the others wait. `active-active`: two share them, with an address each. */
  keepalived_mode: z.enum(['active-passive', 'active-active']).default('active-passive'),
  /** The id of the virtual router, unique in the network's segment; the second address has the next one. */
  keepalived_router_id: z.number().int().min(1).max(254).default(51),
  /** The interface that carries the virtual address. Default: the one that has the host's own address. */
  keepalived_interface: z
    .string()
    .regex(/^[a-z][A-Za-z0-9._-]{0,14}$/, 'expected the name of a network interface, such as eth0')
    .optional(),
  /** How often the holder says that it is alive, in seconds. Others take over after about three silent ones. */
  keepalived_advert_interval: z.number().min(0.1).max(10).default(0.3),
  /** Whether an address goes back to its first holder when that is well again; each move breaks open connections once. Default: with `active-active` only, 10 s later. */
  keepalived_preempt: z.boolean().optional(),
});

export type KeepalivedVars = z.output<typeof keepalivedVars>;

type Balancers = readonly Host<KeepalivedVars>[];

/** What VRRP and the metrics call the addresses. */
export const VIRTUAL_NAMES = ['VI_1', 'VI_2'] as const;

/** A virtual address and who is to hold it. */
export interface VirtualAddress {
  readonly name: (typeof VIRTUAL_NAMES)[number];
  readonly address: string;
  readonly routerId: number;
  /** Who holds it while all is well first, then who takes over, in this order. */
  readonly order: readonly string[];
}

/** The virtual addresses of the load balancers: none where there is but one balancer, or no address is given. */
export function virtualAddresses(balancers: Balancers): readonly VirtualAddress[] {
  const vars = balancers[0]?.vars;
  if (vars?.virtual_address === undefined || balancers.length < 2) return [];
  const names = balancers.map(({ name }) => name);
  const first: VirtualAddress = {
    name: 'VI_1',
    address: vars.virtual_address,
    routerId: vars.keepalived_router_id,
    order: names,
  };
  if (vars.keepalived_mode !== 'active-active' || vars.virtual_address_second === undefined) return [first];
  const order = [...names.slice(1), ...names.slice(0, 1)];
  return [first, { name: 'VI_2', address: vars.virtual_address_second, routerId: vars.keepalived_router_id + 1, order }];
}

/** A host's VRRP priority for an address: higher ones hold it. */
export function priorityOf({ order }: VirtualAddress, host: string): number {
  return 200 - 10 * order.indexOf(host);
}

/**
 * The interface that has a host's own address, or whose network the virtual one is in. Throws where none does. Before the
 * host has told its interfaces (an empty list), a stand-in.
 */
export function interfaceOf(host: Host<KeepalivedVars>, virtual: string, interfaces: readonly NetworkAddress[]): string {
  if (host.vars.keepalived_interface !== undefined) return host.vars.keepalived_interface;
  if (interfaces.length === 0) return 'eth0';
  const own = addressOf(host);
  const found =
    interfaces.find(({ address }) => address === own) ??
    interfaces.find(({ address, prefix, family }) => family === 4 && inNetwork(virtual, address, prefix));
  if (found !== undefined) return found.interface;
  const there = interfaces.map((one) => `${one.interface} ${one.address}/${one.prefix}`).join(', ');
  throw new Error(
    `${host.name} has no interface with the address ${own}, nor one in the network of ${virtual} (it has ${there}): set keepalived_interface, or internal_address`,
  );
}

/** Faults of the load balancers' virtual addresses. */
export function checkKeepalived(balancers: Balancers, all: readonly Host[]): readonly HostFault[] {
  const [first, ...others] = balancers;
  if (first === undefined) return [];
  const faults: HostFault[] = [];
  const { vars } = first;
  const fault = (variable: keyof KeepalivedVars, message: string, hint: string) =>
    faults.push({ message: `"${variable}": ${message}`, host: first.name, variable, hint });
  for (const name of SHARED) {
    if (others.every((other) => other.vars[name] === vars[name])) continue;
    fault(name, 'the hosts of the group lb do not agree on it', 'set it for the group, in group_vars/lb.yml say');
  }
  if (vars.virtual_address !== undefined && balancers.length < 2) {
    fault(
      'virtual_address',
      `${vars.virtual_address} has no second load balancer to move to: the group lb has only ${first.name}`,
      'add a host to the group lb, or leave the virtual address out',
    );
  }
  if (vars.keepalived_mode === 'active-active' && (vars.virtual_address_second ?? vars.virtual_address) === undefined) {
    fault(
      'keepalived_mode',
      'active-active needs virtual addresses, and there is none',
      'set virtual_address and virtual_address_second',
    );
  } else if (vars.keepalived_mode === 'active-active' && vars.virtual_address_second === undefined) {
    fault('keepalived_mode', 'active-active needs a second virtual address', 'set virtual_address_second');
  }
  if (vars.virtual_address_second !== undefined) {
    if (vars.keepalived_mode !== 'active-active') {
      const hint = 'set keepalived_mode: active-active, or leave it out';
      fault('virtual_address_second', 'with active-passive nobody would hold it', hint);
    }
    if (vars.virtual_address_second === vars.virtual_address)
      fault(
        'virtual_address_second',
        'it is the same as virtual_address',
        'give each load balancer an address of its own to hold',
      );
    if (vars.virtual_address === undefined) fault('virtual_address_second', 'there is no first one', 'set virtual_address too');
  }
  for (const name of ['virtual_address', 'virtual_address_second'] as const) {
    const owner = all.find(({ address }) => address === vars[name]);
    if (owner !== undefined) fault(name, `${owner.address} is the address of ${owner.name} itself`, 'take one that no host has');
  }
  if (virtualAddresses(balancers).length > 0) {
    for (const host of balancers.filter((one) => !isIPv4(addressOf(one)))) {
      faults.push({
        message: `${host.name}: load balancers know each other by IPv4 address, and "${addressOf(host)}" is none`,
        host: host.name,
        variable: 'ansible_host',
        hint: `set internal_address for ${host.name}`,
      });
    }
  }
  return faults;
}

/** What all load balancers must say alike. */
const SHARED = [
  'virtual_address',
  'virtual_address_second',
  'keepalived_mode',
  'keepalived_router_id',
  'keepalived_advert_interval',
] as const;

function inNetwork(address: string, network: string, prefix: number): boolean {
  const bits = (text: string) => text.split('.').reduce((number, part) => number * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  return Math.floor(bits(address) / size) === Math.floor(bits(network) / size);
}
