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

  it('says why HAProxy does not answer; that is no error', () => {
    const [servers] = askLocally(haproxyServers({ socket: '/nonexistent/admin.sock' }));
    expect(servers).to.deep.equal({ state: 'stopped', message: 'No such file or directory (/nonexistent/admin.sock)' });
  });

  function recorded(what: string, version: string) {
    const [all] = parseRecorded(fixture(`haproxy/${what}.${version}.txt`), haproxyServers({ socket: '/run/haproxy/admin.sock' }));
    return all?.state === 'running' ? all.servers : undefined;
  }
});
