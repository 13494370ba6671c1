import { expect } from 'chai';
import { packageState } from '../../src/facts/packages.js';
import { fixture, parseRecorded } from '../support/recorded.js';

describe('facts/packages', () => {
  it('tells installed, held, removed, interrupted, unknown and virtual packages apart', () => {
    const [bash, held, removed, broken, unknown, virtual, libc] = parseRecorded(
      fixture('packages/mixed.txt'),
      packageState({ name: 'bash' }),
      packageState({ name: 'nginx-common' }),
      packageState({ name: 'cron' }),
      packageState({ name: 'netbase' }),
      packageState({ name: 'nginxx' }),
      packageState({ name: 'mail-transport-agent' }),
      packageState({ name: 'libc6:amd64', exact: true }),
    );
    expect(bash).to.deep.include({ status: 'installed', version: '5.2.15-2+b13', held: false, candidate: undefined });
    expect(held).to.deep.include({ status: 'installed', version: '1.22.1-9+deb12u10', held: true });
    expect(removed).to.deep.include({ status: 'config-files', version: undefined, candidate: '3.0pl1-162', known: true });
    expect(broken).to.deep.include({ status: 'broken', version: '6.4', candidate: '6.4' });
    expect(unknown).to.deep.include({ status: 'absent', candidate: undefined, known: false, near: ['nginx', 'ngircd'] });
    expect(virtual).to.deep.include({ status: 'absent', candidate: undefined, known: true });
    expect(libc).to.deep.include({ status: 'installed', candidate: '2.36-9+deb12u14' });
  });

  it('reads a host whose lists are empty', () => {
    const [bash, haproxy] = parseRecorded(
      fixture('packages/no-lists.txt'),
      packageState({ name: 'bash' }),
      packageState({ name: 'haproxy' }),
    );
    expect(bash?.status).to.equal('installed');
    expect(haproxy).to.deep.equal({
      status: 'absent',
      version: undefined,
      held: false,
      candidate: undefined,
      known: false,
      near: [],
    });
  });

  it('says so where there is no dpkg', () => {
    expect(parseRecorded('unsupported\n', packageState({ name: 'bash' }))[0]?.status).to.equal('unsupported');
  });

  it('asks apt only about packages that are not installed or that must be exact', () => {
    const script = (exact: boolean) => packageState({ name: 'bash' }).fact.queries([{ name: 'bash', exact }])[0]?.query.script;
    expect(script(false)).to.contain(`C=''`);
    expect(script(true)).to.contain(`C='bash'`);
  });
});
