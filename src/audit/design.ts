import { singlePoints } from '../graph/singlePoints.js';
import type { Service } from '../model/service.js';
import { variableOf, type Finding, type Site } from './finding.js';

/** What is wrong with a site by its design: what the inventory and the playbook say, before any host is asked. */
export function auditDesign(site: Site): readonly Finding[] {
  return [...alone(site), ...plainText(site), ...unprotected(site), ...unmonitored(site)];
}

function alone({ services }: Site): readonly Finding[] {
  return singlePoints(services).flatMap(({ service, purposes }): readonly Finding[] => {
    // It goes with the service that it leads to.
    if (service.redirects === true) return [];
    const { host, title } = service;
    const found = { kind: 'single point of failure', weight: 'fault', hosts: [host] } as const;
    const ends = `${title} on ${host} has no stand-in: with it ends ${purposes.join(', ')}`;
    if (service.stateful !== true) {
      return [{ ...found, summary: ends, mend: 'a second host in its group; for load balancers with virtual_address' }];
    }
    const heirs = services.filter((one) => one.stateful === true && one.name === service.name && one.host !== host);
    if (heirs.length === 0) return [{ ...found, summary: ends, mend: `a second host in its group, as a replica` }];
    const watchers = watchersOf(services);
    // A replica takes over when somebody orders it, so somebody must learn of it: from a host that nothing else depends on.
    if (watchers.some((watcher) => services.every((one) => one.host !== watcher || one.serves.length === 0))) return [];
    const order = `provision db failover ${heirs[0]?.host ?? ''}`;
    return [
      {
        ...found,
        summary: `${ends}, until somebody orders "${order}"; who would tell of it (${watchers.join(', ') || 'nobody'}) serves the site itself, and may fail with it`,
        mend: 'a host of its own in the group mon',
      },
    ];
  });
}

/** Visitors in plain text are a fault; what hosts say among themselves is told once a kind of service. */
function plainText({ hosts, services }: Site): readonly Finding[] {
  const variable = (host: string, name: string) =>
    variableOf(
      hosts.find((one) => one.name === host),
      name,
    );
  const plain = services.filter((one) => !one.encrypted && one.loopback !== true && one.redirects !== true);
  const visited = plain.filter(({ clients }) => clients.includes('internet'));
  const operated = plain.filter(
    ({ host, clients }) => clients.includes('operators') && isFilled(variable(host, 'firewall_control')),
  );
  const inside = plain.filter((one) => variable(one.host, 'internal_address') === undefined && otherClients(one).length > 0);
  return [
    ...alike(visited).map((some): Finding => plainFinding(some, 'fault', 'the internet talks', 'tls_certificate')),
    ...alike(operated).map((some) => plainFinding(some, 'note', 'operators talk', 'an empty firewall_control, and ssh -L')),
    ...alike(inside).map((some) => {
      const names = [...new Set(some.flatMap(otherClients))];
      const who = `${names.join(', ')} ${names.length === 1 ? 'talks' : 'talk'}`;
      return plainFinding(some, 'note', who, "internal_address, in a network that is the site's alone");
    }),
  ];
}

function plainFinding(services: Alike, weight: Finding['weight'], who: string, mend: string): Finding {
  const [{ title, port }] = services;
  const hosts = services.map(({ host }) => host);
  const summary = `${who} to ${title} on ${hosts.join(', ')} (port ${port}) in plain text: who is in between can read it`;
  return { kind: 'plain text', weight, hosts, summary, mend };
}

/** The other hosts that connect to a service. */
function otherClients({ host, clients }: Service): readonly string[] {
  return clients.flatMap((client) => (typeof client === 'string' || client.host === host ? [] : [client.host]));
}

type Alike = readonly [Service, ...Service[]];

/** Services of several hosts that are the same, together. */
function alike(services: readonly Service[]): readonly Alike[] {
  const groups = new Map<string, [Service, ...Service[]]>();
  for (const service of services) {
    const key = `${service.name} ${service.port}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [service]);
    else group.push(service);
  }
  return [...groups.values()];
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

function unprotected({ hosts }: Site): readonly Finding[] {
  const off = hosts.filter((host) => variableOf(host, 'firewall_enabled') === false).map(({ name }) => name);
  if (off.length === 0) return [];
  const summary = `no firewall on ${off.join(', ')}: all that listens can be reached`;
  return [{ kind: 'firewall', weight: 'fault', hosts: off, summary, mend: 'firewall_enabled' }];
}

function unmonitored({ hosts, services }: Site): readonly Finding[] {
  const watchers = watchersOf(services);
  const watched = new Set(
    services
      .filter(({ clients }) => clients.some((one) => typeof one !== 'string' && one.service === 'prometheus'))
      .map(({ host }) => host),
  );
  const blind = hosts.map(({ name }) => name).filter((name) => !watched.has(name));
  const deaf = watchers.filter((name) => {
    const host = hosts.find((one) => one.name === name);
    const mail = variableOf(host, 'alert_mail_to');
    return variableOf(host, 'alert_webhook_url') === undefined && !isFilled(mail);
  });
  const found = { kind: 'unmonitored', weight: 'fault' } as const;
  return [
    ...(blind.length === 0
      ? []
      : [
          { ...found, hosts: blind, summary: `nobody would notice an outage of ${blind.join(', ')}`, mend: 'monitoring_enabled' },
        ]),
    ...(deaf.length === 0
      ? []
      : [
          {
            ...found,
            hosts: deaf,
            summary: `alerts of ${deaf.join(', ')} are sent to nobody`,
            mend: 'alert_webhook_url or alert_mail_to',
          },
        ]),
  ];
}

function watchersOf(services: readonly Service[]): readonly string[] {
  return services.filter(({ name }) => name === 'prometheus').map(({ host }) => host);
}
