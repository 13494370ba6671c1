import type { NetworkAddress } from 'provision/facts/addresses';
import { guard } from 'provision/facts/guard';
import type { TaskContext, TaskList } from 'provision/playbook';
import { directory } from 'provision/tasks/directory';
import { file } from 'provision/tasks/file';
import { group } from 'provision/tasks/group';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { template } from 'provision/tasks/template';
import { user } from 'provision/tasks/user';
import { addressOf } from './network.js';
import { interfaceOf, priorityOf, VIRTUAL_NAMES, virtualAddresses, type KeepalivedVars } from './keepalivedVars.js';

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
const DROP_IN = 'restart.conf';
/** Runs the checks and the notify script, and may do nothing else. */
const ACCOUNT = 'keepalived_script';
/** Where the node exporter looks for metrics in files. */
const METRICS = '/var/lib/prometheus/node-exporter';

/**
 * Whether this role has been at work on a host: by its script, which it makes before all that lets keepalived start and removes
 * last. A keepalived that somebody else has set up is not ours to stop.
 */
export const keepalivedHere = guard({ script: `grep -q '^# Managed by provision' ${NOTIFY}` });

/** Stand-ins for `keepalivedHere`. */
export const KEEPALIVED_HERE_SAMPLES: readonly [boolean, ...boolean[]] = [false, true];

/** keepalived 2.2.7 (Debian 12) kills its own test where scripts run as another account than root; 2.2.8 does not. */
const VALIDATE =
  '(t=$(mktemp) && sed "s/^  script_user .*/  script_user root/" %s >"$t" && keepalived --config-test -f "$t"; r=$?; rm -f -- "$t"; exit $r)';

interface Facts {
  readonly addresses: readonly NetworkAddress[];
  /** `keepalivedHere`. */
  readonly keepalived: boolean;
}

/**
 * Holds the site's virtual address on one healthy load balancer. Nothing of it is installed where there is but one, or no virtual
 * address; where there was one, it lets go of it and is removed.
 */
export function keepalived({ host, vars, hosts, facts }: TaskContext<Vars, 'lb', Facts>): TaskList {
  const balancers = hosts('lb');
  const virtual = virtualAddresses(balancers);
  if (virtual.length === 0) return facts.keepalived ? removal() : [];
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
      dropIn: DROP_IN,
      content: ['[Service]', 'Restart=always', 'RestartSec=1', 'TimeoutStopSec=5', ...virtual.map(toldWhenStopped), ''].join(
        '\n',
      ),
    }),
    service({
      name: 'keepalived',
      state: 'running',
      enabled: true,
      reloadWhen: [CONFIG],
      restartWhen: [`/etc/systemd/system/keepalived.service.d/${DROP_IN}`],
    }),
  ];
}

/** keepalived tells its script that it stops, and systemd may end that before it has run. */
function toldWhenStopped({ name }: { readonly name: string }): string {
  return `ExecStopPost=-/usr/bin/setpriv --reuid=${ACCOUNT} --regid=${ACCOUNT} --clear-groups ${NOTIFY} INSTANCE ${name} STOP 0`;
}

/** Lets go of the addresses and takes away what this role has made, but for the packages. A run that stops in it takes it up again. */
function removal(): TaskList {
  return [
    service({ name: 'keepalived', state: 'stopped', enabled: false }),
    file({ path: CONFIG, state: 'absent' }),
    systemdUnit({ name: 'keepalived', dropIn: DROP_IN, state: 'absent' }),
    // Nobody would set them to 0 any more where it was killed.
    ...VIRTUAL_NAMES.map((name) => file({ path: `${METRICS}/vrrp-${name}.prom`, state: 'absent' })),
    directory({ path: METRICS, owner: 'root', group: 'root', mode: '0755' }),
    // Its group goes with it.
    user({ name: ACCOUNT, state: 'absent' }),
    file({ path: NOTIFY, state: 'absent' }),
  ];
}
