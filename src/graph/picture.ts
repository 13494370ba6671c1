import type { Client, Service } from '../model/service.js';
import { singlePoints } from './singlePoints.js';

/** A site as boxes and arrows, before any way of drawing them. */
export interface Picture {
  readonly hosts: readonly HostBox[];
  /** Who is outside of the site and connects to it. */
  readonly people: readonly { readonly id: string; readonly label: string }[];
  readonly arrows: readonly Arrow[];
}

export interface HostBox {
  readonly id: string;
  readonly name: string;
  readonly services: readonly ServiceBox[];
}

export interface ServiceBox {
  readonly id: string;
  /** A line each. */
  readonly lines: readonly string[];
  readonly stateful: boolean;
  /** True where nothing can stand in for it. */
  readonly isSinglePoint: boolean;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** True where anybody on the way can read along; what stays on a host has no way. */
  readonly isPlainText: boolean;
  /** Between two services that keep data. */
  readonly isReplication: boolean;
}

const PEOPLE: Readonly<Record<Extract<Client, string>, string>> = { internet: 'Internet', operators: 'operators' };

/** The picture of the services of some hosts. */
export function pictureOf(hosts: readonly string[], services: readonly Service[]): Picture {
  const alone = new Set(singlePoints(services).map(({ service }) => service));
  const byId = new Map(services.map((service) => [idOf(service.host, service.name), service]));
  const arrows = services.flatMap((service) =>
    service.clients.map((client): Arrow => {
      const from = typeof client === 'string' ? idOf('people', client) : idOf(client.host, client.service);
      return {
        from,
        to: idOf(service.host, service.name),
        isPlainText: !service.encrypted && (typeof client === 'string' || client.host !== service.host),
        isReplication: service.stateful === true && byId.get(from)?.stateful === true,
      };
    }),
  );
  const people = Object.entries(PEOPLE).map(([name, label]) => ({ id: idOf('people', name), label }));
  return {
    hosts: hosts.map((name) => ({
      id: idOf('host', name),
      name,
      services: services
        .filter(({ host }) => host === name)
        .map((service) => ({
          id: idOf(service.host, service.name),
          lines: linesOf(service),
          stateful: service.stateful === true,
          isSinglePoint: alone.has(service),
        })),
    })),
    people: people.filter(({ id }) => arrows.some(({ from }) => from === id)),
    arrows,
  };
}

function linesOf({ title, port, loopback, detail }: Service): readonly string[] {
  return [title, ...(detail === undefined ? [] : [detail]), loopback === true ? `127.0.0.1:${port}` : `:${port}`];
}

/** Letters, digits and underscores: good in every language of pictures. */
function idOf(host: string, name: string): string {
  return `${host}__${name}`.replaceAll(/[^A-Za-z0-9_]/g, '_');
}
