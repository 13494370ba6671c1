import { expect } from 'chai';
import { NO_ENTRY } from '../../src/facts/accounts.js';
import { NO_KEY_PATH, type AuthorizedKeys } from '../../src/facts/authorizedKeys.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { authorizedKey } from '../../src/tasks/authorizedKey.js';
import { planAfter, planOn } from '../support/plan.js';

const key = 'ssh-ed25519 AAAAC3Nza ada@example.org';
const other = 'ssh-ed25519 AAAAC3Nzb bob@example.org';
const fresh: AuthorizedKeys = {
  exists: true,
  home: '/home/ada',
  group: 'users',
  homeExists: true,
  folder: NO_KEY_PATH,
  file: NO_KEY_PATH,
  text: '',
};
const built: AuthorizedKeys = {
  ...fresh,
  folder: { type: 'directory', mode: '0700', owner: 'ada' },
  file: { type: 'file', mode: '0600', owner: 'ada' },
  text: `${key}\n`,
};

const on = (now: AuthorizedKeys) => ({ authorizedKeys: now });

describe('tasks/authorizedKey', () => {
  it('makes folder and file for the user alone, and is then done', async () => {
    const task = authorizedKey({ user: 'ada', key, options: 'no-pty' });
    const [change] = await planOn(task, on(fresh));
    expect(task.id).to.equal('authorizedKey ada: ada@example.org');
    expect(change?.summary).to.equal('keys: 1 added');
    expect(change?.steps).to.deep.equal([
      {
        kind: 'shell',
        script: 'mkdir -m 0700 -- /home/ada/.ssh\nchown -h ada:users -- /home/ada/.ssh\nchmod 0700 -- /home/ada/.ssh',
      },
      {
        kind: 'put',
        path: '/home/ada/.ssh/authorized_keys',
        content: { text: `no-pty ${key}\n` },
        owner: 'ada',
        group: 'users',
        mode: '0600',
      },
    ]);
    expect(await planAfter(task, on(fresh))).to.deep.equal([]);
  });

  it('leaves other keys, unless these are the only ones', async () => {
    expect(await planOn(authorizedKey({ user: 'ada', key }), on(built))).to.deep.equal([]);
    const [added] = await planOn(authorizedKey({ user: 'ada', key: other }), on(built));
    expect(added?.diff?.after).to.equal(`${key}\n${other}\n`);
    const only = authorizedKey({ user: 'ada', keys: [other], exclusive: true });
    expect((await planOn(only, on(built)))[0]?.summary).to.equal('keys: 1 added, 1 removed');
    expect(await planAfter(only, on(built))).to.deep.equal([]);
    const none = authorizedKey({ user: 'ada', keys: [], exclusive: true });
    expect(await planAfter(none, on(built))).to.deep.equal([]);
    expect(await planOn(none, on(fresh))).to.deep.equal([]);
  });

  it('removes keys, also of a user that is gone', async () => {
    const task = authorizedKey({ user: 'ada', key, state: 'absent' });
    expect((await planOn(task, on(built)))[0]?.diff).to.deep.equal({ before: `${key}\n`, after: '' });
    expect(await planAfter(task, on(built))).to.deep.equal([]);
    expect(await planOn(task, { authorizedKeys: NO_ENTRY })).to.deep.equal([]);
  });

  it('mends what would make sshd refuse the file', async () => {
    for (const bad of [
      { ...built, folder: { ...built.folder, mode: '0775' } },
      { ...built, file: { ...built.file, owner: 'root' } },
      { ...built, file: { ...built.file, mode: '0666' }, folder: { ...built.folder, owner: 'root' } },
    ]) {
      const task = authorizedKey({ user: 'ada', key });
      expect((await planOn(task, on(bad)))[0]?.summary).to.match(/^owner and mode of/);
      expect(await planAfter(task, on(bad))).to.deep.equal([]);
    }
    const stricter = { ...built, file: { ...built.file, mode: '0400' } };
    expect(await planOn(authorizedKey({ user: 'ada', key }), on(stricter))).to.deep.equal([]);
  });

  it('says what is missing, and does not write through links of the user', async () => {
    const fault = async (now: unknown) =>
      planOn(authorizedKey({ user: 'ada', key }), { authorizedKeys: now }).catch((error: unknown) => {
        expect(error).to.be.instanceOf(PlanError);
        return String(error);
      });
    expect(await fault(NO_ENTRY)).to.contain('there is no user ada');
    expect(await fault({ ...fresh, homeExists: false })).to.contain('/home/ada of ada is not there');
    expect(await fault({ ...built, folder: { ...built.folder, type: 'link' } })).to.contain('/home/ada/.ssh is a link');
    expect(() => authorizedKey({ user: 'ada', key: 'ssh-rsa' })).to.throw(InputError, 'key: expected one public key');
    expect(() => authorizedKey({ user: 'ada', keys: [] })).to.throw(InputError, 'at least one');
  });
});
