import { z } from 'zod';
import type { Host } from 'provision/host';
import type { TaskContext, TaskList } from 'provision/playbook';
import type { Service } from 'provision/service';
import { configFiles } from 'provision/tasks/configFiles';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { addressOf, networkVars } from './network.js';
import { sandbox } from './sandbox.js';
import { siteVars } from './site.js';

/** Variables of the web server in front of the application. */
export const nginxVars = z.object({
  ...siteVars.shape,
  ...networkVars.shape,
  /** The port on which the application listens, on the loopback address. */
  app_port: z.number().int().min(1024).max(65535).default(8080),
  /** The largest request body, as Nginx writes sizes. */
  nginx_max_body: z
    .string()
    .regex(/^\d+[kmg]?$/, 'expected a size such as 1m')
    .default('1m'),
  /** How long the application may take to answer, in seconds. */
  nginx_read_timeout: z.number().int().min(1).default(15),
});

/** Where it listens for the load balancers: as templates/nginx-site.conf.ejs says. */
const PORT = 80;

const SANDBOX = '/etc/systemd/system/nginx.service.d/sandbox.conf';
/** Its first process listens and reads as root; those that serve are an account without rights. */
const CAPABILITIES = ['CHOWN', 'DAC_OVERRIDE', 'KILL', 'NET_BIND_SERVICE', 'SETGID', 'SETUID'];

/** What nginx-site.conf.ejs is given. */
export interface NginxTemplate {
  readonly domain: string;
  readonly appName: string;
  readonly appPort: number;
  readonly maxBody: string;
  readonly readTimeout: number;
  /** Whose X-Forwarded-For is believed. */
  readonly loadBalancers: readonly string[];
}

/** Nginx in front of the application of its host. */
export function nginx({ vars, hosts }: TaskContext<z.output<typeof nginxVars>, 'lb'>): TaskList {
  const available = `/etc/nginx/sites-available/${vars.app_name}`;
  const given: NginxTemplate = {
    domain: vars.domain,
    appName: vars.app_name,
    appPort: vars.app_port,
    maxBody: vars.nginx_max_body,
    readTimeout: vars.nginx_read_timeout,
    loadBalancers: hosts('lb').map(addressOf),
  };
  return [
    packages({ name: 'nginx' }, { tags: ['packages'] }),
    configFiles({
      name: 'nginx site',
      files: [
        { path: available, template: 'nginx-site.conf.ejs', vars: { ...given }, mode: '0644' },
        { path: `/etc/nginx/sites-enabled/${vars.app_name}`, link: `../sites-available/${vars.app_name}` },
        { path: '/etc/nginx/sites-enabled/default', state: 'absent' },
      ],
      validate: 'nginx -t -q',
    }),
    systemdUnit({ name: 'nginx', dropIn: 'sandbox.conf', content: sandbox(CAPABILITIES) }),
    service({
      name: 'nginx',
      state: 'running',
      enabled: true,
      reloadWhen: [available, '/etc/nginx/nginx.conf'],
      restartWhen: [SANDBOX],
    }),
  ];
}

/** What the web servers offer to the load balancers. */
export function nginxServices(webs: readonly Host<{ haproxy_weight: number }>[], balancers: readonly Host[]): readonly Service[] {
  return webs.map(({ name: host, vars }): Service => ({
    host,
    name: 'nginx',
    title: 'Nginx',
    port: PORT,
    detail: `weight ${vars.haproxy_weight}`,
    encrypted: false,
    serves: ['web servers'],
    clients: balancers.map((balancer) => ({ host: balancer.name, service: 'haproxy' })),
  }));
}
