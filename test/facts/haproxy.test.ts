import { expect } from 'chai';
import { haproxyServers } from '../../src/facts/haproxy.js';
import { askLocally } from '../support/shell.js';
import { fixture, parseRecorded } from '../support/recorded.js';

describe('facts/haproxy', () => {
  for (const version of ['2.6', '3.2']) {
    it(`reads states, weights and health from HAProxy ${version}`, () => {
      expect(recorded('drained', version)).to.deep.equal([
        { backend: 'be_web', server: 'web-01', admin: 'drain', weight: 100, status: 'DRAIN', sessions: 0 },
        { backend: 'be_web', server: 'web-02', admin: 'ready', weight: 50, status: 'UP', sessions: 0 },
      ]);
      // A server that fails its checks is down, and still ready as far as its administrator is concerned.
      expect(recorded('down', version)).to.deep.equal([
        { backend: 'be_web', server: 'web-01', admin: 'ready', weight: 100, status: 'DOWN', sessions: 0 },
        { backend: 'be_web', server: 'web-02', admin: 'maint', weight: 100, status: 'MAINT', sessions: 0 },
      ]);
    });
  }

  it('takes a server that its configuration disables for ready once an administrator made it so', () => {
    const header = fixture('haproxy/drained.2.6.txt').split('\n').slice(0, 2).join('\n');
    const states = ['0 5', '2 4'].map((state) => {
      const row = `2 be 1 a 127.0.0.1 ${state} 1 1 1 1 0 0 8 0 0 0 - 1 - 0 0 - - 0`;
      const [all] = parseRecorded(`${header}\n${row}\n\n`, haproxyServers({ socket: '/s' }));
      return all?.state === 'running' ? all.servers[0]?.admin : undefined;
    });
    expect(states).to.deep.equal(['maint', 'ready']);
  });

  it('says why HAProxy does not answer; that is no error', () => {
    const [servers] = askLocally(haproxyServers({ socket: '/nonexistent/admin.sock' }));
    expect(servers).to.deep.equal({ state: 'stopped', message: 'No such file or directory (/nonexistent/admin.sock)' });
  });

  function recorded(what: string, version: string) {
    const [all] = parseRecorded(fixture(`haproxy/${what}.${version}.txt`), haproxyServers({ socket: '/run/haproxy/admin.sock' }));
    return all?.state === 'running' ? all.servers : undefined;
  }
});
