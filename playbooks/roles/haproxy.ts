import { z } from 'zod';
import type { Host } from 'provision/host';
import type { TaskContext, TaskList } from 'provision/playbook';
import type { Service } from 'provision/service';
import { haproxyAnswers } from 'provision/tasks/haproxy/answers';
import { haproxyCertificate } from 'provision/tasks/haproxyCertificate';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { template } from 'provision/tasks/template';
import { secret } from 'provision/vars';
import { acme, acmeServers, acmeServices, acmeVars, type AcmeServer } from './acme.js';
import { keepalivedVars } from './keepalivedVars.js';
import { addressOf } from './network.js';
import { sandbox } from './sandbox.js';
import { tls } from './tls.js';
import { CERTIFICATE } from './tlsVars.js';

/** Variables of the load balancer. */
export const haproxyVars = z.object({
  ...acmeVars.shape,
  ...keepalivedVars.shape,
  /** `active-active`: all web servers get requests, by weight. `active-passive`: the first one, and the others only when it is down. */
  haproxy_mode: z.enum(['active-active', 'active-passive']).default('active-active'),
  /** A web server's share of the requests, against the others' weights: 0 (none) to 256. Set it per web host. */
  haproxy_weight: z.number().int().min(0).max(256).default(100),
  /** The port for plain text. With HTTPS it only sends clients there. */
  haproxy_port: z.number().int().min(1).max(65535).default(80),
  /** The port that the site is served on over HTTPS. */
  haproxy_https_port: z.number().int().min(1).max(65535).default(443),
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
  /** HTTPS; left out: the site is served in plain text. */
  readonly tls?: HaproxyTls | undefined;
}

interface HaproxyTls {
  /** The path of the certificate; HAProxy finds its key beside it. */
  readonly certificate: string;
  /** The header Strict-Transport-Security; left out: none is sent. */
  readonly hsts?: string | undefined;
  /** Who answers the questions of an authority on the network. None: nobody asks. */
  readonly acme: readonly AcmeServer[];
}

const CONFIG = '/etc/haproxy/haproxy.cfg';
const SANDBOX_FILE = '/etc/systemd/system/haproxy.service.d/sandbox.conf';
/** It begins as root, to listen and to read the key; then it is an account without rights in an empty folder. */
const CAPABILITIES = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'KILL',
  'NET_BIND_SERVICE',
  'SETGID',
  'SETUID',
  'SYS_CHROOT',
  'SYS_RESOURCE',
];

/** HAProxy in front of the web servers, with the site's certificate. */
export function haproxy(context: TaskContext<HaproxyVars, 'web' | 'lb'>): TaskList {
  const { host, vars, hosts } = context;
  const servers = hosts('web').map((web, index) => serverOf(web, index, vars));
  const given: HaproxyTemplate = { ...vars, servers, tls: tlsOf(host, hosts('lb')) };
  return [
    packages(
      { names: ['haproxy', 'socat', 'openssl', ...(vars.tls_certificate === 'acme' ? ['certbot'] : [])] },
      { tags: ['packages'] },
    ),
    tls(context),
    template({
      src: 'haproxy.cfg.ejs',
      path: CONFIG,
      vars: { ...given },
      owner: 'root',
      group: 'haproxy',
      mode: '0640',
      validate: 'haproxy -c -f %s',
    }),
    systemdUnit({ name: 'haproxy', dropIn: 'sandbox.conf', content: sandbox(CAPABILITIES) }),
    service({
      name: 'haproxy',
      state: 'running',
      enabled: true,
      reloadWhen: [CONFIG],
      restartWhen: [SANDBOX_FILE],
      answers: haproxyAnswers(),
    }),
    ...(vars.tls_certificate === 'acme' ? acme(context) : []),
    ...(vars.tls_certificate === 'none' ? [] : [haproxyCertificate({ path: CERTIFICATE })]),
  ];
}

/** What the load balancers offer. */
export function haproxyServices(balancers: readonly Host<HaproxyVars>[]): readonly Service[] {
  const own = balancers.flatMap(({ name: host, vars }): Service[] => [
    ...siteServices(host, vars),
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
  return [...own, ...acmeServices(balancers)];
}

function siteServices(host: string, vars: HaproxyVars): readonly Service[] {
  const common = { host, serves: [vars.domain], clients: ['internet'] } satisfies Partial<Service>;
  const plain = { ...common, port: vars.haproxy_port, encrypted: false } satisfies Partial<Service>;
  if (vars.tls_certificate === 'none') return [{ ...plain, name: 'haproxy', title: 'HAProxy' }];
  return [
    { ...common, name: 'haproxy', title: 'HAProxy', detail: 'HTTPS', port: vars.haproxy_https_port, encrypted: true },
    // Without it a name typed without https:// leads nowhere.
    { ...plain, name: 'haproxy_http', title: 'redirect to HTTPS', redirects: true },
  ];
}

function tlsOf(host: Host<HaproxyVars>, balancers: readonly Host<HaproxyVars>[]): HaproxyTls | undefined {
  const { tls_certificate: source, tls_hsts_seconds: seconds, tls_hsts_subdomains: subdomains } = host.vars;
  if (source === 'none') return undefined;
  return {
    certificate: CERTIFICATE,
    hsts: seconds === 0 ? undefined : `max-age=${seconds}${subdomains ? '; includeSubDomains' : ''}`,
    acme: source === 'acme' ? acmeServers(host, balancers) : [],
  };
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
