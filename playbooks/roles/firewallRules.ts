import type { Host } from 'provision/host';
import type { Client, Service } from 'provision/service';
import { addressOf, type NetworkVars } from './network.js';

/** A rule as the task kind `firewall` takes it. */
export interface Accept {
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'vrrp';
  readonly ports: number[];
  /** Undefined is anybody. */
  readonly from: string[] | undefined;
}

/** What the rules of a host follow from. */
export interface Surroundings {
  /** All hosts of the site. */
  readonly hosts: readonly Host<NetworkVars>[];
  /** Those that hold a virtual address between them. */
  readonly balancers: readonly Host<NetworkVars>[];
  readonly services: readonly Service[];
  /** Where operators work. */
  readonly control: readonly string[];
  /** What the user opens. */
  readonly open: readonly {
    readonly port: number;
    readonly protocol: 'tcp' | 'udp';
    /** Empty is anybody. */
    readonly from: readonly string[];
  }[];
}

/** Who may connect to what on a host: the clients of its services, its partners in VRRP, and what the user opens. */
export function acceptedOn(host: Host<NetworkVars>, { hosts, balancers, services, control, open }: Surroundings): Accept[] {
  const partners = balancers.filter(({ name }) => name !== host.name);
  const isBalancer = partners.length < balancers.length;
  return [
    ...services
      .filter((one) => one.host === host.name && one.loopback !== true)
      .flatMap((one) => acceptedBy(one, services, hosts, control)),
    ...(isBalancer && partners.length > 0 ? [vrrpFrom(partners)] : []),
    ...open.map(({ port, protocol, from }): Accept => ({
      name: 'firewall_open',
      protocol,
      ports: [port],
      from: from.length === 0 ? undefined : [...from],
    })),
  ];
}

function vrrpFrom(partners: readonly Host<NetworkVars>[]): Accept {
  return { name: 'VRRP', protocol: 'vrrp', ports: [], from: partners.map(addressOf) };
}

function acceptedBy(
  service: Service,
  services: readonly Service[],
  hosts: Surroundings['hosts'],
  control: readonly string[],
): readonly Accept[] {
  const rule: Accept = { name: service.name, protocol: 'tcp', ports: [service.port], from: undefined };
  const clients = [...service.clients, ...partnersOf(service, services)];
  if (clients.includes('internet')) return [rule];
  const names = new Set(clients.flatMap((client) => (typeof client === 'string' ? [] : [client.host])));
  names.delete(service.host);
  const from = [...hosts.filter(({ name }) => names.has(name)).map(addressOf), ...(clients.includes('operators') ? control : [])];
  return from.length === 0 ? [] : [{ ...rule, from: [...new Set(from)] }];
}

/** What keeps the same data reaches each other both ways: which one is the primary may change at any time. */
function partnersOf(service: Service, services: readonly Service[]): readonly Client[] {
  if (service.stateful !== true) return [];
  return services
    .filter(({ stateful, name, host }) => stateful === true && name === service.name && host !== service.host)
    .map(({ host, name }) => ({ host, service: name }));
}
