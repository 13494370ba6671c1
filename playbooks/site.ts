import { z } from 'zod';
import { ADDRESSES_SAMPLES, addresses } from 'provision/facts/addresses';
import { MYSQL_NODE_SAMPLES, mysqlNode, type MysqlNode } from 'provision/facts/mysqlNode';
import { OS_SAMPLES, os } from 'provision/facts/os';
import { VIRTUALIZATION_SAMPLES, virtualization } from 'provision/facts/virtualization';
import { oncePerHost, playbook, type Gathered, type HostsOf, type TaskContext } from 'provision/playbook';
import type { Service } from 'provision/service';
import { allPackages } from 'provision/tasks/packages';
import { app, appServices } from './roles/app.js';
import { appVars } from './roles/appVars.js';
import { backups } from './roles/backups.js';
import { backupsVars } from './roles/backupsVars.js';
import { base, baseVars } from './roles/base.js';
import { deployVars } from './roles/deploy.js';
import { firewall, firewallVars } from './roles/firewall.js';
import { hardening, hardeningVars } from './roles/hardening.js';
import { haproxy, haproxyServices, haproxyVars } from './roles/haproxy.js';
import { keepalived, KEEPALIVED_HERE_SAMPLES, keepalivedHere } from './roles/keepalived.js';
import { checkKeepalived, keepalivedVars } from './roles/keepalivedVars.js';
import { exporterAccount, exporters, monitoring } from './roles/monitoring.js';
import { withMonitoring } from './roles/monitoringServices.js';
import { checkMonitoring, monitoringVars } from './roles/monitoringVars.js';
import { databaseServers, mysqlPrimary, mysqlReplicas, mysqlServer } from './roles/mysql.js';
import { mysqlServices } from './roles/mysqlServices.js';
import { checkDatabases, mysqlVars } from './roles/mysqlVars.js';
import { nginx, nginxServices, nginxVars } from './roles/nginx.js';
import { checkTls } from './roles/tlsVars.js';

/** The variables of the site's hosts. */
export const variables = z.object({
  ...baseVars.shape,
  ...haproxyVars.shape,
  ...keepalivedVars.shape,
  ...nginxVars.shape,
  ...appVars.shape,
  ...deployVars.shape,
  ...mysqlVars.shape,
  ...backupsVars.shape,
  ...monitoringVars.shape,
  ...firewallVars.shape,
  ...hardeningVars.shape,
});

/** What the hosts offer, and to whom: what is drawn, and what the firewall lets through. */
const services = (of: HostsOf<z.output<typeof variables>, 'lb' | 'web' | 'db'>): readonly Service[] =>
  withMonitoring(
    [
      ...haproxyServices(of('lb')),
      ...nginxServices(of('web'), of('lb')),
      ...appServices(of('web')),
      ...mysqlServices(of('db'), of('web')),
    ],
    of('all'),
  );

/** Roles that two plays ask for: the one that installs all packages, and their own. */
const roles = {
  base: oncePerHost(base),
  exporters: oncePerHost(exporters),
  monitoring: oncePerHost(monitoring),
  mysqlServer: oncePerHost(mysqlServer),
  app: oncePerHost(app),
  nginx: oncePerHost(nginx),
  haproxy: oncePerHost(haproxy),
  keepalived: oncePerHost(keepalived),
  firewall: oncePerHost((context: TaskContext<z.output<typeof variables>, 'lb' | 'web' | 'db'>) =>
    firewall(context, services(context.hosts)),
  ),
};

/**
 * www.foobar.com: load balancers, web servers with the application, a database primary and its replicas, and who watches
 * over them: the hosts of the group `mon` where there is one, else the first load balancer.
 */
export default playbook({
  vars: variables,
  groups: ['lb', 'web', 'db'],
  optionalGroups: ['mon'],
  tags: [
    'base',
    'mysql',
    'replication',
    'backups',
    'app',
    'nginx',
    'haproxy',
    'keepalived',
    'monitoring',
    'firewall',
    'hardening',
    'packages',
  ],
  gather: {
    addresses: { read: addresses, samples: ADDRESSES_SAMPLES },
    os: { read: os, samples: OS_SAMPLES },
    databases: { read: mysqlNode({}), samples: MYSQL_NODE_SAMPLES, of: 'db' } satisfies Gathered<MysqlNode, 'db'>,
    keepalived: { read: keepalivedHere, samples: KEEPALIVED_HERE_SAMPLES },
    virtualization: { read: virtualization, samples: VIRTUALIZATION_SAMPLES },
  },
  check: (all, of) => [
    ...checkDatabases(of('db')),
    ...checkKeepalived(of('lb'), all),
    ...checkMonitoring(all),
    ...checkTls(of('lb')),
  ],
  services,
  databases: (of) => databaseServers(of('db')),
  plays: [
    {
      // One transaction of apt for each host, at the same time on all of them; the roles' own tasks find their packages there.
      name: 'Packages',
      hosts: 'all',
      tags: ['packages'],
      tasks: (context) => {
        const isIn = (group: string): boolean => context.host.groups.includes(group);
        return allPackages([
          roles.base(context),
          roles.exporters(context),
          roles.monitoring(context),
          isIn('db') ? roles.mysqlServer(context) : [],
          isIn('web') ? [roles.app(context), roles.nginx(context)] : [],
          isIn('lb') ? [roles.haproxy(context), roles.keepalived(context)] : [],
          roles.firewall(context),
        ]);
      },
    },
    { name: 'Every host', hosts: 'all', tags: ['base'], tasks: (context) => [roles.base(context), hardening(context)] },
    { name: 'Database servers', hosts: 'db', tags: ['mysql'], tasks: roles.mysqlServer },
    { name: 'Database primary', hosts: 'db', tags: ['mysql'], tasks: mysqlPrimary },
    { name: 'Database replicas', hosts: 'db', tags: ['mysql', 'replication'], tasks: mysqlReplicas },
    { name: 'Database backups', hosts: 'db', tags: ['backups'], tasks: backups },
    { name: 'Exporters', hosts: 'all', tags: ['monitoring'], tasks: roles.exporters },
    { name: 'Database exporters', hosts: 'db', tags: ['monitoring'], tasks: exporterAccount },
    { name: 'Application', hosts: 'web', tags: ['app'], tasks: roles.app },
    { name: 'Web servers', hosts: 'web', tags: ['nginx'], tasks: roles.nginx },
    { name: 'Load balancer', hosts: 'lb', tags: ['haproxy'], tasks: roles.haproxy },
    // One after the other: the others hold the address while one restarts, and on new hosts the first one takes it.
    { name: 'Virtual address', hosts: 'lb', tags: ['keepalived'], serial: 1, tasks: roles.keepalived },
    { name: 'Monitoring', hosts: 'all', tags: ['monitoring'], tasks: roles.monitoring },
    { name: 'Firewall', hosts: 'all', tags: ['firewall'], tasks: roles.firewall },
  ],
});
