import { expect } from 'chai';
import { ABSENT, type FileState } from '../../src/facts/file.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { file } from '../../src/tasks/file.js';
import { sha256 } from '../../src/util/hash.js';
import { Secret } from '../../src/util/secret.js';
import { planAfter, planOn } from '../support/plan.js';

const motd: FileState = {
  type: 'file',
  mode: '0644',
  owner: 'root',
  group: 'root',
  size: 3,
  sha256: sha256('hi\n'),
  content: 'hi\n',
};

describe('tasks/file', () => {
  it('plans nothing where text, owner and mode are right', async () => {
    expect(await planOn(file({ path: '/etc/motd', content: 'hi\n', mode: '644', owner: 'root' }), { file: motd })).to.deep.equal(
      [],
    );
  });

  it('creates what is absent, shows the text, and predicts what will be there', async () => {
    const task = file({ path: '/etc/motd', content: 'hi\n' });
    const [change] = await planOn(task, { file: ABSENT });
    expect(change).to.deep.include({
      summary: 'create',
      diff: { before: undefined, after: 'hi\n' },
      touches: ['path:/etc/motd'],
    });
    expect(await planAfter(task, { file: ABSENT })).to.deep.equal([]);
  });

  it('says mode and owner in words and does not send the content again', async () => {
    const [change] = await planOn(file({ path: '/etc/motd', content: 'hi\n', mode: '0600', owner: 'app' }), { file: motd });
    expect(change?.summary).to.equal('mode 0644 → 0600, owner root → app');
    expect(change?.steps).to.deep.equal([{ kind: 'shell', script: 'chown -h app -- /etc/motd\nchmod 0600 -- /etc/motd' }]);
  });

  it('shows no secret, neither the new one nor the old', async () => {
    const content = new Secret('USER=app\nPASSWORD=new\n', 'USER=app\nPASSWORD=•••\n');
    const [change] = await planOn(file({ path: '/etc/env', content }), {
      file: { ...motd, content: 'USER=app\nPASSWORD=old\nTOKEN=x\n' },
    });
    expect(change?.diff).to.deep.equal({
      before: 'USER=app\nPASSWORD=••• (was another)\n•••\n',
      after: 'USER=app\nPASSWORD=•••\n',
    });
  });

  it('refuses a folder in its place, and options that make no sense', async () => {
    const error: unknown = await planOn(file({ path: '/etc', content: '' }), { file: { ...motd, type: 'directory' } }).catch(
      (e: unknown) => e,
    );
    expect(error).to.be.instanceOf(PlanError);
    expect(() => file({ path: 'etc/motd', content: '' })).to.throw(InputError, 'path: expected an absolute path');
    expect(() => file({ path: '/a', contnet: '' } as never)).to.throw(InputError, 'did you mean "content"?');
    expect(() => file({ path: '/a' })).to.throw(InputError, 'exactly one of content and src');
  });
});
