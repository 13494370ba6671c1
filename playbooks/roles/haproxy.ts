import { z } from 'zod';
import type { Host } from 'provision/host';
import type { TaskContext, TaskList } from 'provision/playbook';
import type { Service } from 'provision/service';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { template } from 'provision/tasks/template';
import { secret } from 'provision/vars';
import { addressOf, networkVars } from './network.js';
import { siteVars } from './site.js';

/** Variables of the load balancer. */
export const haproxyVars = z.object({
  ...siteVars.shape,
  ...networkVars.shape,
  /** `active-active`: all web servers get requests, by weight. `active-passive`: the first one, and the others only when it is down. */
  haproxy_mode: z.enum(['active-active', 'active-passive']).default('active-active'),
  /** A web server's share of the requests, against the others' weights: 0 (none) to 256. Set it per web host. */
  haproxy_weight: z.number().int().min(0).max(256).default(100),
  /** The port that the site is served on. */
  haproxy_port: z.number().int().min(1).max(65535).default(80),
  /** Most connections at once. Each takes two file descriptors. */
  haproxy_maxconn: z.number().int().min(10).default(4000),
  /** The port of the statistics page (/stats), of the Prometheus endpoint (/metrics) and of /alive. */
  haproxy_stats_port: z.number().int().min(1).max(65535).default(8405),
  /** Who may see the statistics page. */
  haproxy_stats_user: z
    .string()
    .regex(/^[A-Za-z0-9_.-]+$/, 'expected letters, digits, _, . and -')
    .default('admin'),
  /** The password for the statistics page. */
  haproxy_stats_password: secret(),
  /** How long a server may take to answer, in seconds. */
  haproxy_server_timeout: z.number().int().min(1).default(30),
  /** How often a server's health is asked for, in milliseconds. Two failures take it out, two answers put it back. */
  haproxy_check_interval: z.number().int().min(100).default(1000),
});

type HaproxyVars = z.output<typeof haproxyVars>;

/** What haproxy.cfg.ejs is given. */
export interface HaproxyTemplate extends HaproxyVars {
  readonly servers: readonly {
    readonly name: string;
    readonly address: string;
    readonly weight: number;
    readonly backup: boolean;
  }[];
}

const CONFIG = '/etc/haproxy/haproxy.cfg';

/** HAProxy in front of the web servers. */
export function haproxy({ vars, hosts }: TaskContext<HaproxyVars, 'web'>): TaskList {
  const given: HaproxyTemplate = { ...vars, servers: hosts('web').map((web, index) => serverOf(web, index, vars)) };
  return [
    packages({ names: ['haproxy', 'socat'] }, { tags: ['packages'] }),
    template({
      src: 'haproxy.cfg.ejs',
      path: CONFIG,
      vars: { ...given },
      owner: 'root',
      group: 'haproxy',
      mode: '0640',
      validate: 'haproxy -c -q -f %s',
    }),
    service({ name: 'haproxy', state: 'running', enabled: true, reloadWhen: [CONFIG] }),
  ];
}

/** What the load balancers offer. */
export function haproxyServices(balancers: readonly Host<HaproxyVars>[]): readonly Service[] {
  return balancers.flatMap(({ name: host, vars }): Service[] => [
    {
      host,
      name: 'haproxy',
      title: 'HAProxy',
      port: vars.haproxy_port,
      encrypted: false,
      serves: [vars.domain],
      clients: ['internet'],
    },
    {
      host,
      name: 'haproxy_stats',
      title: 'statistics',
      port: vars.haproxy_stats_port,
      encrypted: false,
      serves: [],
      clients: ['operators'],
    },
  ]);
}

function serverOf(
  web: Host<HaproxyVars>,
  index: number,
  { haproxy_mode: mode }: HaproxyVars,
): HaproxyTemplate['servers'][number] {
  return {
    name: web.name,
    address: addressOf(web),
    weight: web.vars.haproxy_weight,
    backup: mode === 'active-passive' && index > 0,
  };
}
