import { expect } from 'chai';
import { alerts } from '../../src/facts/alerts.js';
import { failedUnits } from '../../src/facts/failedUnits.js';
import { servedCertificates } from '../../src/facts/servedCertificates.js';
import { virtualAddresses } from '../../src/facts/virtualAddresses.js';
import { fixture, parseRecorded } from '../support/recorded.js';

describe('facts/virtualAddresses', () => {
  it('reads which addresses keepalived may hold, and whether they are held', () => {
    const held = parseRecorded(fixture('keepalived/held.txt'), virtualAddresses);
    const waiting = parseRecorded(fixture('keepalived/waiting.txt'), virtualAddresses);
    expect(held).to.deep.equal([[{ instance: 'VI_1', address: '10.79.56.100', held: true }]]);
    expect(waiting).to.deep.equal([[{ instance: 'VI_1', address: '10.79.56.100', held: false }]]);
  });

  it('reads several instances with several addresses each', () => {
    const text = [
      'vrrp_instance A {',
      '  virtual_ipaddress {',
      '    10.0.0.1/24 dev eth0 label eth0:vip',
      '    10.0.0.2',
      '  }',
      '}',
      'vrrp_instance B {',
      '  virtual_ipaddress {',
      '    2001:db8::5/64',
      '  }',
      '}',
      '',
      '=== addresses',
      '2: eth0    inet 10.0.0.2/32 scope global eth0',
      '',
    ].join('\n');
    const [found] = parseRecorded(text, virtualAddresses);
    expect(found?.map(({ instance, address, held }) => `${instance} ${address} ${String(held)}`)).to.deep.equal([
      'A 10.0.0.1 false',
      'A 10.0.0.2 true',
      'B 2001:db8::5 false',
    ]);
  });

  it('finds none where there is no keepalived', () => {
    expect(parseRecorded('\n=== addresses\n2: eth0    inet 10.0.0.2/24 scope global eth0\n', virtualAddresses)).to.deep.equal([
      [],
    ]);
  });
});

describe('facts/alerts', () => {
  it('reads what fires', () => {
    const [found] = parseRecorded(fixture('alerts/firing.json'), alerts);
    expect(
      found?.state === 'running' && found.alerts.map(({ name, severity, suppressed }) => ({ name, severity, suppressed })),
    ).to.deep.equal([
      { name: 'AlertsNotDelivered', severity: 'warning', suppressed: false },
      { name: 'RuleNotEvaluated', severity: 'warning', suppressed: false },
    ]);
  });

  it('tells no Alertmanager from one that does not answer', () => {
    const parse = (code: number, stderr: string) =>
      alerts.fact.queries([null]).flatMap(({ query }) => query.parse({ code, stdout: '', stderr }));
    expect(parse(127, '')).to.deep.equal([{ state: 'absent' }]);
    expect(parse(1, 'it does not run\n')).to.deep.equal([{ state: 'stopped', message: 'it does not run' }]);
  });
});

describe('facts/failedUnits', () => {
  it('reads their names', () => {
    expect(parseRecorded(fixture('systemd/failed.txt'), failedUnits)).to.deep.equal([['faulty.service', 'logrotate.service']]);
    expect(parseRecorded('', failedUnits)).to.deep.equal([[]]);
  });
});

describe('facts/servedCertificates', () => {
  it('reads what HAProxy has loaded, and what the database server has', () => {
    const all = ['haproxy', 'database', 'none'].map(
      (name) => parseRecorded(fixture(`certificates/${name}.txt`), servedCertificates)[0],
    );
    expect(all).to.deep.equal([
      [{ path: '/etc/haproxy/tls/site.pem', name: 'www.foobar.com', notAfter: Date.parse('2027-12-23T18:26:15Z') }],
      [{ path: '/etc/mysql/tls/server.pem', name: 'web-01', notAfter: 1_866_565_544_000 }],
      [],
    ]);
  });
});
