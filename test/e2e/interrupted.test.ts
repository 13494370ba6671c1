import { expect } from 'chai';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { faultsOf, provision, tasksThat } from './support/provision.js';

for (const flavour of ['mariadb', 'mysql'] as const) {
  describe(`a first run that ended once the packages were there, with ${flavour}`, function () {
    this.timeout(600_000);
    let rig: Rig;

    before('start bare hosts, and install the packages', async function () {
      this.timeout(0);
      rig = await bareRig(flavour);
      const packages = await provision(rig, '--tags', 'packages');
      expect(packages.code, faultsOf(packages)).to.equal(0);
    });

    it('is gone on with by the next: servers that nobody has used yet are no data to decide about', async () => {
      const next = await provision(rig, '--tags', 'base,mysql');
      expect(next.code, faultsOf(next)).to.equal(0);
      const client = flavour === 'mysql' ? 'mysql' : 'mariadb';
      const { stdout } = await rig.ssh('web-02', `${client} -E -e 'SHOW REPLICA STATUS' | grep -E '_(IO|SQL)_Running:'`, {
        root: true,
      });
      expect(stdout.match(/: Yes/g)).to.have.lengthOf(2);
    });

    it('leaves no choice to guess where a server that was in use does not answer', async () => {
      const unit = flavour === 'mysql' ? 'mysql' : 'mariadb';
      for (const host of ['web-01', 'web-02']) await rig.ssh(host, `systemctl stop ${unit}`, { root: true });
      const refused = await provision(rig, '--tags', 'base,mysql');
      expect(refused.code).to.equal(1);
      expect(faultsOf(refused)).to.contain('which one is to cannot be told: web-01 does not answer, web-02 does not answer');
      expect(tasksThat(refused, 'changed')).to.deep.equal([]);
    });
  });
}
