import { expect } from 'chai';
import { unitName, unitState } from '../../src/facts/units.js';
import { fixture, parseRecorded } from '../support/recorded.js';

const asked = ['nginx', 'nosuch', 'systemd-tmpfiles-setup', 'dies', 'loops', 'masked', 'apt-daily.timer'].map(unitName);

describe('facts/units', () => {
  it('reads running, unknown, oneshot, failed, changed and masked units in the order of the question', () => {
    const [nginx, nosuch, setup, dies, loops, , timer] = parseRecorded(
      fixture('systemd/units.txt'),
      ...asked.map((name) => unitState(name)),
    );
    expect(nginx).to.deep.equal({
      systemd: true,
      load: 'loaded',
      active: 'active',
      enabled: 'enabled',
      type: 'forking',
      remains: false,
      canReload: true,
      needsDaemonReload: false,
    });
    expect(nosuch).to.deep.include({ load: 'not-found', active: 'inactive', enabled: '' });
    expect(setup).to.deep.include({ type: 'oneshot', remains: true, enabled: 'static' });
    expect(dies).to.deep.include({ active: 'failed', enabled: 'disabled', needsDaemonReload: false });
    expect(loops).to.deep.include({ needsDaemonReload: true });
    expect(timer).to.deep.include({ load: 'masked', enabled: 'masked', type: '' });
  });

  it('says so where systemd does not run the host, and throws on an answer to another question', () => {
    expect(parseRecorded('none\n', unitState('a.service'), unitState('b.service')).map((unit) => unit.systemd)).to.deep.equal([
      false,
      false,
    ]);
    expect(() => parseRecorded(fixture('systemd/units.txt'), unitState('nginx.service'))).to.throw('told of 7 units, not of 1');
  });

  it('gives a unit its type', () => {
    expect(unitName('nginx')).to.equal('nginx.service');
    expect(unitName('certbot.timer')).to.equal('certbot.timer');
    expect(unitName('php8.2-fpm')).to.equal('php8.2-fpm.service');
  });
});
