import type { Host } from 'provision/host';
import type { Client, Service } from 'provision/service';
import { addressOf, type NetworkVars } from './network.js';

/** A rule as the task kind `firewall` takes it. */
export interface Accept {
  readonly name: string;
  readonly protocol: 'tcp' | 'udp' | 'vrrp';
  readonly ports: number[];
  /** Undefined is anybody. */
  readonly from?: string[];
}

/** What the rules of a host follow from. */
export interface Surroundings {
  /** All hosts of the site. */
  readonly hosts: readonly Host<NetworkVars>[];
  /** Those that hold a virtual address between them. */
  readonly balancers: readonly Host<NetworkVars>[];
  readonly services: readonly Service[];
  readonly vars: {
    readonly firewall_control: readonly string[];
    readonly firewall_open: readonly {
      readonly port: number;
      readonly protocol: 'tcp' | 'udp';
      readonly from?: readonly string[] | undefined;
    }[];
  };
}

/** Who may connect to what on a host: the clients of its services, its partners in VRRP, and what the user opens. */
export function acceptedOn(host: Host<NetworkVars>, { hosts, balancers, services, vars }: Surroundings): Accept[] {
  const partners = balancers.filter(({ name }) => name !== host.name);
  const isBalancer = partners.length < balancers.length;
  return [
    ...services
      .filter((one) => one.host === host.name && one.loopback !== true)
      .flatMap((one) => acceptedBy(one, services, hosts, vars)),
    ...(isBalancer && partners.length > 0
      ? [{ name: 'VRRP', protocol: 'vrrp' as const, ports: [], from: partners.map(addressOf) }]
      : []),
    ...vars.firewall_open.map(({ port, protocol, from }): Accept => ({
      name: 'firewall_open',
      protocol,
      ports: [port],
      ...(from === undefined ? {} : { from: [...from] }),
    })),
  ];
}

function acceptedBy(
  service: Service,
  services: readonly Service[],
  hosts: Surroundings['hosts'],
  { firewall_control: control }: Surroundings['vars'],
): readonly Accept[] {
  const rule = { name: service.name, protocol: 'tcp' as const, ports: [service.port] };
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
