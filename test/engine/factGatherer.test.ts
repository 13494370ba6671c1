import { expect } from 'chai';
import { factGatherer } from '../../src/engine/factGatherer.js';
import { UnreachableError } from '../../src/model/errors.js';
import { defineFact } from '../../src/model/fact.js';
import type { Session } from '../../src/model/session.js';

const name = defineFact<null, string>({ name: 'name', command: () => 'hostname', parse: ({ stdout }) => stdout });
const role = defineFact<null, string>({ name: 'role', command: () => 'role', parse: ({ stdout }) => stdout });
const gather = {
  name: { read: name(null), samples: ['a'] },
  roles: { read: role(null), samples: ['primary'], of: 'db' },
} as const;

/** Hosts that answer a script with its text and their name, and how often each was asked. */
function site(unreachable: readonly string[] = []) {
  const asked: string[] = [];
  const openSession = (host: string): Promise<Session> => {
    if (unreachable.includes(host)) return Promise.reject(new UnreachableError(`${host} is away`));
    const none = () => Promise.reject(new Error('it only looks'));
    return Promise.resolve({
      run: none,
      feed: none,
      drain: none,
      cancel: none,
      close: none,
      exchanges: 0,
      read: (scripts: readonly string[]) => {
        asked.push(`${host}: ${scripts.join(', ')}`);
        return Promise.resolve(scripts.map((script) => ({ code: 0, stdout: `${script} of ${host}`, stderr: '' })));
      },
    });
  };
  const groups = new Map([
    ['all', ['lb-01', 'web-01', 'web-02']],
    ['db', ['web-01', 'web-02']],
  ]);
  return { asked, factsOf: factGatherer({ playbook: { gather }, groups, openSession }) };
}

describe('engine/factGatherer', () => {
  it("gives a group's hosts what all of them said, and asks each once, in one exchange", async () => {
    const { asked, factsOf } = site();
    const [first, second] = await Promise.all([factsOf('web-01', 'root'), factsOf('web-02', 'root')]);
    expect(first['name']).to.equal('hostname of web-01');
    const roles = [
      ['web-01', 'role of web-01'],
      ['web-02', 'role of web-02'],
    ];
    expect([...(first['roles'] as Map<string, string>)]).to.deep.equal(roles);
    expect([...(second['roles'] as Map<string, string>)]).to.deep.equal(roles);
    expect(asked.sort()).to.deep.equal(['web-01: hostname, role', 'web-02: hostname, role']);
  });

  it('asks nobody of the group for a host that is not in it', async () => {
    const { asked, factsOf } = site();
    const facts = await factsOf('lb-01', 'root');
    expect([...(facts['roles'] as Map<string, string>)]).to.deep.equal([]);
    expect(asked).to.deep.equal(['lb-01: hostname']);
  });

  it('knows nothing of a member that cannot be reached, which is a fault only where that one is asked for itself', async () => {
    const { factsOf } = site(['web-02']);
    const facts = await factsOf('web-01', 'root');
    expect([...(facts['roles'] as Map<string, string | undefined>)]).to.deep.equal([
      ['web-01', 'role of web-01'],
      ['web-02', undefined],
    ]);
    const error = await factsOf('web-02', 'root').catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(UnreachableError);
  });
});
