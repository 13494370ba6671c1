import { expect } from 'chai';
import { groupEntry, userEntry } from '../../src/facts/accounts.js';
import type { CommandResult, Read } from '../../src/model/fact.js';
import { sha256 } from '../../src/util/hash.js';
import { askLocally } from '../support/shell.js';

/** What the command printed on a Debian 12 host. */
const RECORDED = `1:root:x:0:0:root:/root:/bin/bash
0:ada:x:1001:1001:Ada L=:/home/ada:/bin/bash
1:app:x:998:33::/srv/app:/usr/sbin/nologin
=
root:0:${sha256('*')}  -
ada:1:${sha256('')}  -
app:1:${sha256('$6$salt$hash')}  -
=
root:x:0:
sudo:x:27:ada,app
www-data:x:33:app
users:x:100:ada
ada:x:1001:
`;

function parse(read: Read<unknown>, names: readonly string[], stdout: string): readonly unknown[] {
  const result: CommandResult = { code: 0, stdout, stderr: '' };
  return read.fact.queries(names).flatMap(({ query }) => query.parse(result));
}

describe('facts/accounts', () => {
  it('tells users with their groups, whether the home is there, and the state of the password', () => {
    const [app, nobody, ada, root] = parse(userEntry(''), ['app', 'gone', 'ada', 'root'], RECORDED);
    expect(app).to.deep.equal({
      exists: true,
      uid: 998,
      group: 'www-data',
      groups: ['sudo'],
      home: '/srv/app',
      homeExists: true,
      shell: '/usr/sbin/nologin',
      comment: '',
      locked: true,
      passwordDigest: sha256('$6$salt$hash'),
    });
    expect(nobody).to.deep.equal({ exists: false });
    expect(ada).to.deep.include({ group: 'ada', groups: ['sudo', 'users'], homeExists: false, comment: 'Ada L=', locked: true });
    expect(root).to.deep.include({ uid: 0, locked: false, passwordDigest: sha256('*') });
  });

  it('asks this machine', () => {
    expect(askLocally(groupEntry('nogroup'), groupEntry('no-such'), groupEntry('root'))).to.deep.equal([
      { exists: true, gid: 65534 },
      { exists: false },
      { exists: true, gid: 0 },
    ]);
    const [gone, root, nobody] = askLocally(userEntry('no-such'), userEntry('root'), userEntry('nobody'));
    expect(gone).to.deep.equal({ exists: false });
    expect(root).to.deep.include({ uid: 0, group: 'root', home: '/root', homeExists: true });
    expect(nobody).to.deep.include({ uid: 65534, group: 'nogroup', home: '/nonexistent', homeExists: false });
  });

  it('never sends a hash', () => {
    const [query] = userEntry('').fact.queries(['root']);
    expect(query?.query.script)
      .to.contain('sha256sum')
      .and.not.match(/getent shadow[^|]*$/m);
  });
});
