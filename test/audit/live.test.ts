import { expect } from 'chai';
import { auditHosts, type HostAudit } from '../../src/audit/live.js';
import { listening } from '../../src/facts/listening.js';
import { certificateEnds } from '../../src/facts/certificateEnds.js';
import type { Read } from '../../src/model/fact.js';
import type { Service } from '../../src/model/service.js';

const parse = <T>(read: Read<T>, stdout: string) =>
  read.fact.queries([read.params])[0]?.query.parse({ code: 0, stdout, stderr: '' })[0] as T;
const SS = `LISTEN 0      4096   127.0.0.53%lo:53        0.0.0.0:*    users:(("systemd-resolve",pid=1,fd=15))
LISTEN 0      511          0.0.0.0:80        0.0.0.0:*    users:(("nginx",pid=7,fd=6),("nginx",pid=6,fd=6))
LISTEN 0      128             [::]:22           [::]:*    users:(("sshd",pid=5,fd=4))
LISTEN 0      4096               *:9100            *:*    users:(("prometheus-node",pid=9,fd=3))
LISTEN 0      5          10.0.0.21:6379      0.0.0.0:*
`;
const nginx: Service = { host: 'web-01', name: 'nginx', title: 'Nginx', port: 80, encrypted: true, serves: [], clients: [] };
const site = { hosts: [{ name: 'web-01', groups: [], address: 'web-01', vars: {} }], services: [nginx] };
const WELL: HostAudit = {
  listening: [],
  ssh: [22],
  firewall: { state: 'loaded', rules: 'a', edited: false },
  certificates: [],
  database: { state: 'absent' },
};
const findings = (answer: HostAudit | undefined) =>
  auditHosts(site, new Map([['web-01', answer]])).map(({ kind, weight, summary }) => `${weight} ${kind}: ${summary}`);

describe('audit/live', () => {
  it('reads what waits for connections, and where', () => {
    expect(parse(listening, SS)).to.deep.equal([
      { port: 53, address: '127.0.0.53', program: 'systemd-resolve', loopback: true },
      { port: 80, address: '*', program: 'nginx', loopback: false },
      { port: 22, address: '*', program: 'sshd', loopback: false },
      { port: 9100, address: '*', program: 'prometheus-node', loopback: false },
      { port: 6379, address: '10.0.0.21', program: '', loopback: false },
    ]);
    expect(parse(certificateEnds, '86400 /etc/mysql/tls/server.pem\n-5 /etc/nginx/a b.pem\n')).to.deep.equal([
      { path: '/etc/mysql/tls/server.pem', secondsLeft: 86_400 },
      { path: '/etc/nginx/a b.pem', secondsLeft: -5 },
    ]);
  });

  it('has nothing to say of a host where all is well', () => {
    expect(findings(WELL)).to.deep.equal([]);
  });

  it('names ports that no service has: notes behind a firewall, faults without', () => {
    const open = { ...WELL, listening: parse(listening, SS) };
    expect(findings(open)).to.have.length(2);
    expect(findings(open)[0]).to.match(/^note open port: prometheus-node on web-01 waits on port 9100/);
    expect(findings({ ...open, firewall: { state: 'absent' } }).map((one) => one.split(':')[0])).to.deep.equal([
      'fault firewall',
      'fault open port',
      'fault open port',
    ]);
  });

  it('names rules changed by hand, certificates that end, databases that do not answer, hosts that do not', () => {
    expect(findings({ ...WELL, firewall: { state: 'loaded', rules: 'a', edited: true } })[0]).to.contain('by hand');
    const certificates = [
      { path: '/a.pem', secondsLeft: 13 * 86_400 },
      { path: '/b.pem', secondsLeft: 15 * 86_400 },
      { path: '/c.pem', secondsLeft: -1 },
    ];
    expect(findings({ ...WELL, certificates })).to.deep.equal([
      'fault certificate: /a.pem on web-01 ends in 13 days',
      'fault certificate: /c.pem on web-01 has ended',
    ]);
    expect(findings({ ...WELL, database: { state: 'stopped', message: 'no' } })[0]).to.match(/^fault replica/);
    expect(findings(undefined)[0]).to.match(/^fault unreachable/);
  });
});
