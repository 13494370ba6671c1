import type { NetworkAddress } from 'provision/facts/addresses';
import type { TaskContext, TaskList } from 'provision/playbook';
import { directory } from 'provision/tasks/directory';
import { group } from 'provision/tasks/group';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { template } from 'provision/tasks/template';
import { user } from 'provision/tasks/user';
import { addressOf } from './network.js';
import { interfaceOf, priorityOf, virtualAddresses, type KeepalivedVars } from './keepalivedVars.js';

type Vars = KeepalivedVars & { readonly haproxy_stats_port: number };

/** What keepalived.conf.ejs is given. */
export interface KeepalivedTemplate {
  readonly hostName: string;
  readonly account: string;
  readonly healthUrl: string;
  readonly advertInterval: number;
  readonly ownAddress: string;
  readonly peers: readonly string[];
  readonly notify: string;
  readonly preempt: boolean;
  readonly instances: readonly {
    readonly name: string;
    readonly interface: string;
    readonly routerId: number;
    readonly priority: number;
    readonly address: string;
  }[];
}

/** What keepalived-notify.sh.ejs is given. */
export interface KeepalivedNotifyTemplate {
  readonly folder: string;
}

const CONFIG = '/etc/keepalived/keepalived.conf';
const NOTIFY = '/etc/keepalived/notify.sh';
/** Runs the checks and the notify script, and may do nothing else. */
const ACCOUNT = 'keepalived_script';
/** Where the node exporter looks for metrics in files. */
const METRICS = '/var/lib/prometheus/node-exporter';

/** keepalived 2.2.7 (Debian 12) kills its own test where scripts run as another account than root; 2.2.8 does not. */
const VALIDATE =
  '(t=$(mktemp) && sed "s/^  script_user .*/  script_user root/" %s >"$t" && keepalived --config-test -f "$t"; r=$?; rm -f -- "$t"; exit $r)';

/** Holds the site's virtual address on one healthy load balancer. Nothing of it is installed where there is but one, or no virtual address. */
export function keepalived({
  host,
  vars,
  hosts,
  facts,
}: TaskContext<Vars, 'lb', { addresses: readonly NetworkAddress[] }>): TaskList {
  const balancers = hosts('lb');
  const virtual = virtualAddresses(balancers);
  if (virtual.length === 0) return [];
  const given: KeepalivedTemplate = {
    hostName: host.name,
    account: ACCOUNT,
    healthUrl: `http://127.0.0.1:${vars.haproxy_stats_port}/alive`,
    advertInterval: vars.keepalived_advert_interval,
    ownAddress: addressOf(host),
    peers: balancers.filter(({ name }) => name !== host.name).map(addressOf),
    notify: NOTIFY,
    preempt: vars.keepalived_preempt ?? virtual.length > 1,
    instances: virtual.map((one) => ({
      name: one.name,
      interface: interfaceOf(host, one.address, facts.addresses),
      routerId: one.routerId,
      priority: priorityOf(one, host.name),
      address: one.address,
    })),
  };
  const notify: KeepalivedNotifyTemplate = { folder: METRICS };
  return [
    packages({ names: ['keepalived', 'curl'] }, { tags: ['packages'] }),
    group({ name: ACCOUNT, system: true }),
    user({ name: ACCOUNT, group: ACCOUNT, system: true, home: '/nonexistent', createHome: false, shell: '/usr/sbin/nologin' }),
    directory({ path: METRICS, owner: 'root', group: ACCOUNT, mode: '0775', parents: true }),
    template({ src: 'keepalived-notify.sh.ejs', path: NOTIFY, vars: { ...notify }, owner: 'root', group: 'root', mode: '0755' }),
    template({
      src: 'keepalived.conf.ejs',
      path: CONFIG,
      vars: { ...given },
      owner: 'root',
      group: 'root',
      mode: '0644',
      validate: VALIDATE,
    }),
    systemdUnit({
      name: 'keepalived',
      dropIn: 'restart.conf',
      content: '[Service]\nRestart=always\nRestartSec=1\nTimeoutStopSec=5\n',
    }),
    service({
      name: 'keepalived',
      state: 'running',
      enabled: true,
      reloadWhen: [CONFIG],
      restartWhen: ['/etc/systemd/system/keepalived.service.d/restart.conf'],
    }),
  ];
}
