import { expect } from 'chai';
import { NO_ENTRY, type GroupEntry, type UserEntry } from '../../src/facts/accounts.js';
import { ABSENT } from '../../src/facts/file.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { authorizedKey } from '../../src/tasks/authorizedKey.js';
import { group } from '../../src/tasks/group.js';
import { user } from '../../src/tasks/user.js';
import { sha256 } from '../../src/util/hash.js';
import { mask, Secret } from '../../src/util/secret.js';
import { planAfter, planOn } from '../support/plan.js';

const some: GroupEntry = { exists: true, gid: 50 };
const ada: UserEntry = {
  exists: true,
  uid: 1001,
  group: 'ada',
  groups: ['sudo'],
  home: '/home/ada',
  homeExists: true,
  shell: '/bin/bash',
  comment: '',
  locked: false,
  passwordDigest: sha256('$6$old'),
};
const bare = { user: NO_ENTRY, 'group(ada)': NO_ENTRY, group: some, file: ABSENT };
const built = { user: ada, group: some, file: ABSENT };
const hash = new Secret('$6$new$hash');

async function script(task: ReturnType<typeof user>, values: Readonly<Record<string, unknown>>): Promise<string> {
  const [change] = await planOn(task, values);
  return change?.steps.map((step) => (step.kind === 'shell' ? mask(step.script) : '')).join('\n') ?? '';
}

describe('tasks/user', () => {
  it('creates an account with all that is said of it, hiding the hash from every argv', async () => {
    const task = user({ name: 'ada', uid: 1001, groups: ['www-data', 'sudo'], comment: 'Ada L', password: hash });
    expect(await script(task, bare)).to.equal(
      `useradd --uid 1001 --comment 'Ada L' --home-dir /home/ada --create-home --shell /bin/bash --user-group --groups sudo,www-data ada\n` +
        `printf '%s\\n' 'ada:•••' | chpasswd --encrypted`,
    );
    expect(await planAfter(task, bare)).to.deep.equal([]);
  });

  it('gives a system account neither home nor shell, and takes a group that has its name', async () => {
    const task = user({ name: 'ada', system: true });
    expect(await script(task, { ...bare, 'group(ada)': some })).to.equal(
      'useradd --system --home-dir /home/ada --no-create-home --shell /usr/sbin/nologin --gid ada ada',
    );
    expect(await planAfter(task, bare)).to.deep.equal([]);
  });

  it('changes only what differs, in words', async () => {
    const task = user({ name: 'ada', shell: '/bin/sh', groups: ['adm'], createHome: true });
    const [change] = await planOn(task, { ...built, user: { ...ada, homeExists: false } });
    expect(change?.summary).to.equal('shell /bin/bash → /bin/sh, groups sudo → adm, sudo, make home /home/ada');
    expect(await script(task, built)).to.equal('usermod --shell /bin/sh --groups adm,sudo ada');
    expect(await planAfter(task, built)).to.deep.equal([]);
    expect(await script(user({ name: 'ada', groups: [], appendGroups: false }), built)).to.equal("usermod --groups '' ada");
    expect(await planOn(user({ name: 'ada', groups: ['sudo'], uid: 1001 }), built)).to.deep.equal([]);
  });

  it('sets, locks and unlocks passwords, and knows when there is none', async () => {
    expect(await script(user({ name: 'ada', password: hash }), built)).to.equal(
      `printf '%s\\n' 'ada:•••' | chpasswd --encrypted`,
    );
    expect(await script(user({ name: 'ada', locked: true }), built)).to.equal('usermod --lock ada');
    const locked = { ...built, user: { ...ada, locked: true } };
    expect(await planOn(user({ name: 'ada', password: '$6$old' }), locked)).to.deep.equal([]);
    expect(await script(user({ name: 'ada', locked: false }), locked)).to.equal('usermod --unlock ada');
    for (const values of [bare, built, locked]) {
      for (const choice of [true, false, undefined]) {
        const task = user({ name: 'ada', password: hash, ...(choice === undefined ? {} : { locked: choice }) });
        expect(await planAfter(task, values)).to.deep.equal([]);
      }
    }
    for (const values of [bare, { ...built, user: { ...ada, locked: true, passwordDigest: sha256('') } }]) {
      expect(await planOn(user({ name: 'ada', locked: false }), values).catch((e: unknown) => e)).to.be.instanceOf(PlanError);
    }
    expect(() => user({ name: 'ada', password: 'hunter2' })).to.throw(InputError, 'not the password itself');
  });

  it('asks for groups that are missing, by name', async () => {
    const values = { ...bare, 'group(adm)': NO_ENTRY };
    for (const options of [{ group: 'adm' }, { groups: ['sudo', 'adm'] }]) {
      const error: unknown = await planOn(user({ name: 'ada', ...options }), values).catch((e: unknown) => e);
      expect(String(error)).to.contain('there is no group adm');
    }
  });

  it('removes an account, its home where told to', async () => {
    const task = user({ name: 'ada', state: 'absent', removeHome: true });
    expect(await script(task, built)).to.equal('userdel --remove ada');
    expect(await planAfter(task, built)).to.deep.equal([]);
    expect(() => user({ name: 'ada', removeHome: true })).to.throw(InputError, 'removeHome goes with');
  });

  it('lets keys be planned for an account that is not there yet', async () => {
    const [change] = await planOn(user({ name: 'ada' }), bare);
    const predicted = Object.fromEntries((change?.predicts ?? []).map(({ key, value }) => [key, value]));
    const key = authorizedKey({ user: 'ada', key: `ssh-ed25519 AAAAC3Nza a@b` });
    expect(await planOn(key, predicted)).to.have.length(1);
    const [leftover] = await planOn(user({ name: 'ada' }), { ...bare, file: { ...ABSENT, type: 'directory' } });
    expect(leftover?.predicts?.map((one) => one.key)).not.to.include('authorizedKeys(ada)');
  });
});

describe('tasks/group', () => {
  it('creates, numbers and removes a group, and is then done', async () => {
    for (const [task, now, summary] of [
      [group({ name: 'adm', gid: 7, system: true }), NO_ENTRY, 'create, gid 7'],
      [group({ name: 'adm' }), NO_ENTRY, 'create'],
      [group({ name: 'adm', gid: 7 }), some, 'gid 50 → 7'],
      [group({ name: 'adm', state: 'absent' }), some, 'remove'],
    ] as const) {
      expect((await planOn(task, { group: now }))[0]?.summary).to.equal(summary);
      expect(await planAfter(task, { group: now })).to.deep.equal([]);
    }
    expect(await planOn(group({ name: 'adm', gid: 50 }), { group: some })).to.deep.equal([]);
    expect(await planOn(group({ name: 'adm', state: 'absent' }), { group: NO_ENTRY })).to.deep.equal([]);
  });
});
