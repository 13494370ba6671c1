import { expect } from 'chai';
import { reboot } from '../../src/tasks/reboot.js';
import { planAfter, planOn } from '../support/plan.js';

const idle = { reasons: [], changed: [] };
const due = { reasons: ['linux-base asks for it'], changed: ['/etc/default/grub'] };

describe('tasks/reboot', () => {
  it('reboots only where one is due, and says why', async () => {
    expect(await planOn(reboot({}), { reboot: idle })).to.deep.equal([]);
    const task = reboot({ changedSinceBoot: ['/etc/default/grub'] });
    const [change] = await planOn(task, { reboot: due });
    expect(change?.summary).to.equal('reboot: linux-base asks for it; /etc/default/grub was changed');
    expect(change?.steps).to.deep.equal([{ kind: 'reboot', timeoutSeconds: 600 }]);
    // A boot changes everything.
    expect(change?.touches).to.equal(undefined);
    expect(await planAfter(task, { reboot: due })).to.deep.equal([]);
  });

  it('leaves what packages ask for alone when told so', async () => {
    expect(await planOn(reboot({ whenRequired: false }), { reboot: { ...due, changed: [] } })).to.deep.equal([]);
  });
});
