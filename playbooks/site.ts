import { z } from 'zod';
import { MYSQL_NODE_SAMPLES, mysqlNode } from 'provision/facts/mysqlNode';
import { OS_SAMPLES, os } from 'provision/facts/os';
import { VIRTUALIZATION_SAMPLES, virtualization } from 'provision/facts/virtualization';
import { playbook } from 'provision/playbook';
import { app, appServices, appVars } from './roles/app.js';
import { base, baseVars } from './roles/base.js';
import { haproxy, haproxyServices, haproxyVars } from './roles/haproxy.js';
import { mysqlPrimary, mysqlReplicas, mysqlServer } from './roles/mysql.js';
import { checkDatabases, mysqlServices, mysqlVars } from './roles/mysqlVars.js';
import { nginx, nginxServices, nginxVars } from './roles/nginx.js';

/** www.foobar.com: a load balancer, two web servers with the application, a database primary and its replica. */
export default playbook({
  vars: z.object({ ...baseVars.shape, ...haproxyVars.shape, ...nginxVars.shape, ...appVars.shape, ...mysqlVars.shape }),
  groups: ['lb', 'web', 'db'],
  tags: ['base', 'mysql', 'replication', 'app', 'nginx', 'haproxy', 'packages'],
  gather: {
    os: { read: os, samples: OS_SAMPLES },
    databases: { read: mysqlNode({}), samples: MYSQL_NODE_SAMPLES, of: 'db' },
    virtualization: { read: virtualization, samples: VIRTUALIZATION_SAMPLES },
  },
  check: (_, of) => checkDatabases(of('db')),
  services: (of) => [
    ...haproxyServices(of('lb')),
    ...nginxServices(of('web'), of('lb')),
    ...appServices(of('web')),
    ...mysqlServices(of('db'), of('web')),
  ],
  plays: [
    { name: 'Every host', hosts: 'all', tags: ['base'], tasks: base },
    { name: 'Database servers', hosts: 'db', tags: ['mysql'], tasks: mysqlServer },
    { name: 'Database primary', hosts: 'db', tags: ['mysql'], tasks: mysqlPrimary },
    { name: 'Database replicas', hosts: 'db', tags: ['mysql', 'replication'], tasks: mysqlReplicas },
    { name: 'Application', hosts: 'web', tags: ['app'], tasks: app },
    { name: 'Web servers', hosts: 'web', tags: ['nginx'], tasks: nginx },
    { name: 'Load balancer', hosts: 'lb', tags: ['haproxy'], tasks: haproxy },
  ],
});
