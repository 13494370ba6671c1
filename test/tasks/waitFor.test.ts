import { expect } from 'chai';
import type { ProbeResult } from '../../src/facts/probe.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { waitFor } from '../../src/tasks/waitFor.js';
import { planAfter, planOn } from '../support/plan.js';
import { runLocally } from '../support/shell.js';

const reached: ProbeResult = { outcome: 'reached', status: 200, contains: true, detail: '' };
const refused: ProbeResult = { outcome: 'failed', contains: false, detail: 'Connection refused' };

describe('tasks/waitFor', () => {
  it('plans nothing where it answers already', async () => {
    expect(await planOn(waitFor({ port: 80 }), { probe: { ...reached, status: undefined } })).to.deep.equal([]);
    expect(await planOn(waitFor({ url: 'http://a/', status: [200, 204] }), { probe: { ...reached, status: 204 } })).to.deep.equal(
      [],
    );
  });

  it('waits, says how it is now, and changes nothing', async () => {
    const cases: [ProbeResult, string][] = [
      [refused, 'no answer'],
      [{ ...reached, status: 503 }, 'status 503'],
      [{ ...reached, contains: false }, 'an answer without "ok"'],
    ];
    const task = waitFor({ url: 'http://a/healthz', contains: 'ok', timeoutSeconds: 30 });
    for (const [now, words] of cases) {
      const [change] = await planOn(task, { probe: now });
      expect(change?.summary).to.equal(`wait up to 30 s (now: ${words})`);
      expect(change?.touches).to.deep.equal([]);
      expect(await planAfter(task, { probe: now })).to.deep.equal([]);
    }
  });

  it('gives up when the time is over, and says what it saw last', async () => {
    // Port 1 of this machine is open to nobody.
    const [change] = await planOn(waitFor({ port: 1, timeoutSeconds: 1, intervalSeconds: 0.1 }), { probe: refused });
    const [step] = change?.steps ?? [];
    const result = runLocally(step?.kind === 'shell' ? String(step.script) : '');
    expect(result).to.deep.include({ code: 1, stderr: 'waited 1 s for 127.0.0.1:1; last seen: Connection refused\n' });
  });

  it('says that https needs openssl', async () => {
    const error: unknown = await planOn(waitFor({ url: 'https://a/' }), { probe: { ...refused, outcome: 'unsupported' } }).catch(
      (e: unknown) => e,
    );
    expect(error).to.be.instanceOf(PlanError).with.property('hint').that.contains('openssl');
  });

  it('refuses options that make no sense', () => {
    expect(() => waitFor({})).to.throw(InputError, 'exactly one of port and url');
    expect(() => waitFor({ url: 'ftp://a/' })).to.throw(InputError, 'http or https URL');
    expect(() => waitFor({ port: 0 })).to.throw(InputError, 'port');
    expect(() => waitFor({ url: 'http://a/', headers: { A: 'x\r\nB: y' } })).to.throw(InputError, 'one line');
  });
});
