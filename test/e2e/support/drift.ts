import type { Flavour } from '../../rig/state.js';

/** Something that a person changes by hand on a host which the site's playbook has built. */
export interface Drift {
  readonly kind: string;
  readonly host: string;
  /** sh, as root. */
  readonly command: string;
}

const RELEASE = '/srv/foobar/releases/$(readlink /srv/foobar/current | sed "s:.*/::")';

/** What is changed by hand in each round; a round's changes do not hide each other. */
export function driftRounds(flavour: Flavour): readonly (readonly Drift[])[] {
  const client = flavour === 'mysql' ? 'mysql' : 'mariadb';
  const sql = (statement: string) => `${client} -e "${statement}"`;
  // On the first account of the application.
  const onAccount = (statement: string) =>
    `${client} -N -e "SELECT CONCAT('${statement} ', QUOTE(user), '@', QUOTE(host)) FROM mysql.user WHERE user = 'app' LIMIT 1" | ${client}`;
  const config = flavour === 'mysql' ? '/etc/mysql/mysql.conf.d/zz-provision.cnf' : '/etc/mysql/mariadb.conf.d/zz-provision.cnf';
  const replica = flavour === 'mysql' ? 'REPLICA' : 'SLAVE';
  return [
    [
      { kind: 'a file was edited', host: 'lb-01', command: 'echo "# by hand" >>/etc/haproxy/haproxy.cfg' },
      { kind: "a file's mode", host: 'web-01', command: 'chmod 666 /etc/foobar/app.env' },
      { kind: "a file's owner", host: 'web-01', command: 'chown www-data /etc/foobar/ca.pem' },
      { kind: 'a file was deleted', host: 'web-02', command: 'rm /etc/nginx/sites-available/foobar' },
      { kind: 'a service was stopped', host: 'web-02', command: 'systemctl stop nginx' },
      { kind: 'a service was disabled', host: 'web-01', command: 'systemctl disable -q foobar' },
      { kind: 'a timer was disabled and stopped', host: 'lb-01', command: 'systemctl disable -q --now logrotate.timer' },
      { kind: "a user's shell", host: 'web-01', command: 'usermod --shell /bin/bash foobar' },
      { kind: "a user's group", host: 'web-02', command: 'usermod --gid nogroup foobar' },
      { kind: "a folder's mode", host: 'web-01', command: 'chmod 700 /srv/foobar/releases' },
      { kind: "a link's target", host: 'web-02', command: 'ln -sfn /tmp /etc/nginx/sites-enabled/foobar' },
      { kind: 'a file of a tree was edited', host: 'web-01', command: `echo "// by hand" >>${RELEASE}/server.js` },
      { kind: 'a file of a tree was deleted', host: 'web-02', command: `rm ${RELEASE}/server.js` },
      { kind: 'a tree has one file more', host: 'web-02', command: `touch ${RELEASE}/more.js` },
      { kind: 'a unit was edited', host: 'web-02', command: 'echo "# by hand" >>/etc/systemd/system/foobar.service' },
      { kind: 'entries of /etc/hosts', host: 'lb-01', command: 'sed -i /web/d /etc/hosts' },
      { kind: "the host's name", host: 'lb-01', command: 'hostname by-hand' },
      { kind: 'a configuration that is not loaded', host: 'web-01', command: 'echo "# by hand" >>/etc/nginx/nginx.conf' },
      {
        kind: 'an account of the database was dropped',
        host: 'web-01',
        command: onAccount('DROP USER'),
      },
    ],
    [
      { kind: 'a package was removed', host: 'lb-01', command: 'apt-get -qq -y remove haproxy >/dev/null 2>&1' },
      {
        kind: 'a package was purged',
        host: 'web-02',
        command: 'apt-get -qq -y purge --autoremove nginx nginx-common >/dev/null 2>&1',
      },
      { kind: 'a certificate was deleted', host: 'web-02', command: 'rm /etc/mysql/tls/server.pem' },
      { kind: 'a folder was deleted', host: 'web-02', command: 'rm -rf /etc/foobar' },
      { kind: 'a link was deleted', host: 'web-01', command: 'rm /srv/foobar/current' },
      { kind: 'a link came back', host: 'web-01', command: 'ln -s ../sites-available/default /etc/nginx/sites-enabled/default' },
      {
        kind: 'a privilege of the database was revoked',
        host: 'web-01',
        command: onAccount('REVOKE INSERT ON app.* FROM'),
      },
      { kind: 'the primary takes no writes', host: 'web-01', command: sql('SET GLOBAL read_only = 1') },
      { kind: 'replication was stopped', host: 'web-02', command: sql(`STOP ${replica}`) },
      {
        kind: 'old releases',
        host: 'web-01',
        command:
          'for i in 1 2 3 4 5 6 7; do mkdir /srv/foobar/releases/old$i; touch -d "2020-01-0$i" /srv/foobar/releases/old$i; done',
      },
    ],
    [
      { kind: "a database server's configuration", host: 'web-02', command: `echo "# by hand" >>${config}` },
      { kind: 'an account was deleted', host: 'web-01', command: 'systemctl stop foobar; userdel foobar' },
      {
        kind: 'a unit was deleted',
        host: 'web-02',
        command: 'systemctl disable -q --now foobar; rm /etc/systemd/system/foobar.service; systemctl daemon-reload',
      },
      ...(flavour === 'mariadb'
        ? [{ kind: 'a mask was taken off', host: 'web-01', command: 'systemctl unmask -q mariadb.socket' }]
        : []),
    ],
  ];
}
