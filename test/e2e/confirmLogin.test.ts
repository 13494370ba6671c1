import { expect } from 'chai';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { bootOf, rebootWhen, waitingGuards } from './support/powerCut.js';
import { root } from './support/root.js';
import { makeProject, type Project } from './support/project.js';
import { faultsOf, provision, tasksThat } from './support/provision.js';
import { until } from './support/until.js';

const FILES = {
  sshd: `file({ path: '/etc/ssh/sshd_config.d/50-test.conf', content: vars.text + '\\n', validate: 'sshd -t -f %s', confirmLogin: { seconds: 8, reload: 'ssh' } })`,
  sudoers: `file({ path: '/etc/sudoers.d/test', content: vars.text + '\\n', mode: '0440', validate: 'visudo -cqf %s', confirmLogin: { seconds: 8 } })`,
};
const PATHS = { sshd: '/etc/ssh/sshd_config.d/50-test.conf', sudoers: '/etc/sudoers.d/test' };

describe('files that decide who can log in, on a real host', function () {
  this.timeout(600_000);
  let rig: Rig;
  let project: Project;

  before('start a bare host', async function () {
    this.timeout(0);
    rig = await bareRig('mariadb');
    project = makeProject();
  });
  after(() => {
    project.remove();
  });

  function run(kind: keyof typeof FILES, text: string) {
    const book = project.write(
      `playbooks/${kind}.ts`,
      `import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { file } from 'provision/tasks/file';
export default playbook({
  vars: z.looseObject({ text: z.string() }),
  groups: ['lb'],
  plays: [{ name: 'guarded', hosts: 'lb', tasks: ({ vars }) => [${FILES[kind]}] }],
});`,
    );
    return provision(rig, book, '-e', JSON.stringify({ text }));
  }

  for (const [kind, good, refused, locking] of [
    ['sshd', 'MaxAuthTries 5', 'NoSuchKeyword yes', 'AllowUsers nobody'],
    ['sudoers', 'Defaults timestamp_timeout=0', 'deploy ALL=(', 'deploy ALL=(ALL) !ALL'],
  ] as const) {
    it(`of ${kind}: keeps a good one, refuses a faulty one, and takes back one that locks everybody out`, async () => {
      const kept = await run(kind, good);
      expect(kept.code, faultsOf(kept)).to.equal(0);
      expect(tasksThat(await run(kind, good), 'changed', 'failed')).to.deep.equal([]);
      const faulty = await run(kind, refused);
      expect([faulty.code, faultsOf(faulty)].join(' ')).to.match(/^1 [^]*refused by its own program/);
      const locked = await run(kind, locking);
      expect([locked.code, faultsOf(locked)].join(' ')).to.match(/^1 [^]*the old state is back/);
      expect(
        await root(
          rig,
          'lb-01',
          `cat ${PATHS[kind]}; ls -A ${PATHS[kind].replace(/[^/]*$/, '')} | grep -c '^[.]provision' || true`,
        ),
      ).to.equal(`${good}\n0`);
      expect(tasksThat(await run(kind, good), 'changed', 'failed')).to.deep.equal([]);
    });

    it(`of ${kind}: takes back at boot what would lock everybody out, when the machine reboots before it is confirmed`, async () => {
      const kept = await run(kind, good);
      expect(kept.code, faultsOf(kept)).to.equal(0);
      const boot = await bootOf(rig, 'lb-01');
      await rebootWhen(rig, 'lb-01', `grep -q -F "${locking}" ${PATHS[kind]}`);
      const lost = await run(kind, locking);
      // Why depends on what the power cut met: the reload of the unit, the open connection, or the new login.
      expect(lost.code, faultsOf(lost)).to.not.equal(0);
      await until(async () => (await bootOf(rig, 'lb-01')) !== boot);
      expect(await root(rig, 'lb-01', `cat ${PATHS[kind]}`)).to.equal(good);
      expect(await waitingGuards(rig, 'lb-01')).to.equal('none');
      expect(tasksThat(await run(kind, good), 'changed', 'failed')).to.deep.equal([]);
    });
  }
});
