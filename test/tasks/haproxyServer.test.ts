import { expect } from 'chai';
import type { HaproxyServers } from '../../src/facts/haproxy.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { haproxyServer } from '../../src/tasks/haproxyServer.js';
import { applyLocally, planLocally } from '../support/apply.js';
import { usePrivateHaproxy } from '../support/haproxy.js';
import { planAfter, planOn } from '../support/plan.js';
import { runLocally } from '../support/shell.js';

const web01 = { backend: 'be_web', server: 'web-01', admin: 'ready', weight: 100, status: 'UP', sessions: 3 } as const;
const servers: HaproxyServers = { state: 'running', servers: [web01, { ...web01, server: 'web-02', admin: 'drain' }] };
const now = { haproxyServers: servers };

describe('tasks/haproxyServer', () => {
  it('plans nothing where state and weight are right', async () => {
    expect(await planOn(haproxyServer({ backend: 'be_web', server: 'web-01', state: 'ready', weight: 100 }), now)).to.deep.equal(
      [],
    );
    expect(await planOn(haproxyServer({ backend: 'be_web', server: 'web-02', state: 'drain' }), now)).to.deep.equal([]);
  });

  it('drains and waits', async () => {
    const task = haproxyServer({ backend: 'be_web', server: 'web-01', state: 'drain', weight: 50 });
    const [change] = await planOn(task, now);
    expect(change).to.deep.include({
      summary: 'ready → drain, weight 100 → 50',
      touches: ['haproxy:servers'],
    });
    const script = change?.steps[0].kind === 'shell' ? String(change.steps[0].script) : '';
    expect(script.indexOf('weight 50')).to.be.lessThan(script.indexOf('state drain'));
    expect(change).not.to.have.property('verify');
    expect(await planAfter(task, now)).to.deep.equal([]);
  });

  it('lets a later task turn a temporary state back', async () => {
    const [change] = await planOn(haproxyServer({ backend: 'be_web', server: 'web-01', state: 'maint', temporary: true }), now);
    expect(change).to.have.property('verify', false);
  });

  it('names a near backend or server, and says why HAProxy does not answer', async () => {
    for (const [options, values, message] of [
      [{ backend: 'be_wep', server: 'web-01' }, now, /no backend be_wep .*did you mean "be_web"/],
      [{ backend: 'be_web', server: 'web-11' }, now, /no server web-11 in the backend be_web.*did you mean "web-01"/],
      [
        { backend: 'be_web', server: 'web-01' },
        { haproxyServers: { state: 'stopped', message: 'refused' } },
        /does not answer: refused/,
      ],
    ] as const) {
      const error = await planOn(haproxyServer({ ...options, state: 'drain' }), values).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(PlanError).with.property('message').that.matches(message);
    }
  });

  it('refuses options that make no sense', () => {
    expect(() => haproxyServer({ backend: 'be', server: 'a' })).to.throw(InputError, 'expected state, weight or both');
    expect(() => haproxyServer({ backend: 'be; x', server: 'a', state: 'ready' })).to.throw(InputError, 'expected a name');
    expect(() => haproxyServer({ backend: 'be', server: 'a', weight: 257 })).to.throw(InputError, 'weight');
  });

  describe('on a real HAProxy', () => {
    const haproxy = usePrivateHaproxy();
    const of = (options: { state?: 'ready' | 'drain' | 'maint'; weight?: number; waitSeconds?: number }) =>
      haproxyServer({ backend: 'be', server: 'a', socket: haproxy.socket, ...options });

    it('turns a server through all states, and is then content', async () => {
      for (const state of ['maint', 'ready', 'drain', 'maint', 'drain', 'ready'] as const) {
        expect(await applyLocally(of({ state })), state).to.have.length(1);
        expect(await planLocally(of({ state })), state).to.have.length(0);
      }
      await applyLocally(of({ weight: 7 }));
      expect(haproxy.servers()[0]).to.deep.include({ server: 'a', weight: 7, status: 'UP' });
      expect(haproxy.servers()[1]).to.deep.include({ server: 'b', weight: 100 });
      await applyLocally(of({ weight: 100 }));
    });

    it('waits while a drained server still serves, and no longer than told', async () => {
      const long = await Promise.all([haproxy.connect(60), haproxy.connect(60)]);
      const error = await applyLocally(of({ state: 'drain', waitSeconds: 1 })).catch((caught: unknown) => caught);
      for (const child of long) child.kill();
      expect(error)
        .to.be.instanceOf(Error)
        .with.property('message')
        .that.matches(/a still serves requests: 1 after 1 s/);

      await applyLocally(of({ state: 'ready' }));
      await Promise.all([haproxy.connect(1), haproxy.connect(1)]);
      await applyLocally(of({ state: 'drain' }));
      expect(haproxy.servers()[0]).to.deep.include({ admin: 'drain', sessions: 0 });
    });

    it('repeats why HAProxy refuses', async () => {
      const [change] = await planLocally(of({ weight: 3 }));
      const step = change?.steps[0];
      const script = step?.kind === 'shell' ? String(step.script).replace('be/a', 'be/gone') : '';
      const { code, stderr } = runLocally(`set -e\n${script}`);
      expect(code).to.equal(1);
      expect(stderr).to.include('HAProxy refuses "set server be/gone weight 3": No such server.');
    });
  });
});
