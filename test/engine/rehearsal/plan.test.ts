import { expect } from 'chai';
import { createCopyValues } from '../../../src/engine/rehearsal/copyValues.js';
import { isLive, planInCopy } from '../../../src/engine/rehearsal/plan.js';
import { createKnowledge } from '../../../src/engine/knowledge.js';
import type { PlayTask } from '../../../src/engine/playTask.js';
import { NotYetKnown, sh, type Change } from '../../../src/model/change.js';
import { defineFact, type Read } from '../../../src/model/fact.js';
import type { Session } from '../../../src/model/session.js';
import { file } from '../../../src/tasks/file.js';

const definition = {
  topics: (name: string) => [`path:${name}`] as const,
  command: (name: string) => `look ${name}`,
  parse: () => 'in the copy',
};
const content = defineFact<string, string>({ ...definition, name: 'content' });
const state = defineFact<string, string>({ ...definition, name: 'state', live: true });
const on = { host: 'web-01', user: 'root' };
const change: Change = { summary: 'write', steps: [sh('true')], touches: ['path:/etc/a'] };

/** A task that tells what it was planned on. */
function reader(...reads: readonly Read<never>[]): PlayTask {
  const plan = (valueOf: (read: Read<never>) => unknown) => [
    { ...change, summary: reads.map((read) => String(valueOf(read))).join() },
  ];
  return { play: 'p', on, task: file({ path: '/etc/a', content: '' }), prepared: { reads, plan, digest: () => '' } };
}

function rehearsed() {
  const asked: string[] = [];
  const read: Session['read'] = (scripts) => {
    asked.push(...scripts);
    return Promise.resolve(scripts.map(() => ({ code: 0, stdout: '', stderr: '' })));
  };
  const session = { read } as Session;
  const knowledge = createKnowledge();
  for (const fact of [content, state]) for (const name of ['/etc/a', '/etc/b']) knowledge.learn(on, fact(name), 'on the host');
  return { asked, knowledge, values: createCopyValues(() => Promise.resolve(session)) };
}

describe('engine/rehearsal', () => {
  it('asks the copy for what a change there may have altered, once, and never for what only the running system knows', async () => {
    const now = rehearsed();
    const task = reader(content('/etc/a'), content('/etc/b'), state('/etc/a'));
    await now.values.ask(task);
    expect(now.asked).to.deep.equal([]);
    now.values.made('web-01', change);
    await now.values.ask(task);
    await now.values.ask(task);
    expect(now.asked).to.deep.equal(['look /etc/a']);
    expect(planInCopy(task, now).changes[0]?.summary).to.equal('in the copy,on the host,on the host');
    now.values.made('web-01', change);
    await now.values.ask(task);
    expect(now.asked).to.deep.equal(['look /etc/a', 'look /etc/a']);
    now.values.made('web-02', change);
    await now.values.ask(task);
    expect(now.asked).to.have.length(2);
  });

  it('takes predictions of the running system, and says what decides where there is none', () => {
    const now = rehearsed();
    const task = reader(state('/etc/a'), state('/etc/b'));
    now.knowledge.apply('web-01', ['path:/etc/a'], [state('/etc/a').predict('predicted')], 'service a');
    expect(planInCopy(task, now)).to.deep.include({ because: undefined });
    expect(planInCopy(task, now).changes[0]?.summary).to.equal('predicted,on the host');
    now.knowledge.apply('web-01', ['path:/etc/b'], [], 'package b');
    expect(planInCopy(task, now).because).to.deep.equal(['package b']);
  });

  it('tells a fault from what is not known yet', () => {
    const now = rehearsed();
    const failing = (error: Error): PlayTask => ({
      ...reader(state('/etc/b')),
      prepared: {
        reads: [state('/etc/b')],
        digest: () => '',
        plan: () => {
          throw error;
        },
      },
    });
    const fault = new Error('no');
    expect(planInCopy(failing(fault), now)).to.deep.equal({ changes: [], error: fault });
    expect(planInCopy(failing(new NotYetKnown('package a', [change])), now)).to.deep.equal({
      changes: [change],
      because: ['package a'],
    });
    now.knowledge.apply('web-01', ['path:/etc/b'], [], 'package b');
    expect(planInCopy(failing(fault), now)).to.deep.equal({ changes: [], because: ['package b'] });
  });

  it('only announces what acts on more than files', () => {
    expect(isLive(change)).to.equal(false);
    expect(isLive({ ...change, live: true })).to.equal(true);
    expect(isLive({ ...change, steps: [{ kind: 'reboot', timeoutSeconds: 1 }] })).to.equal(true);
    expect(isLive({ ...change, steps: [{ kind: 'relay', from: { host: 'a', script: '' }, script: '' }] })).to.equal(true);
  });
});
