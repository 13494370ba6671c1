import { expect } from 'chai';
import { createKnowledge } from '../../src/engine/knowledge.js';
import { defineFact, predictFrom, unchanged } from '../../src/model/fact.js';
import type { Topic } from '../../src/model/topic.js';

const count = defineFact<string, number>({
  name: 'count',
  topics: (name) => [`counter:${name}`],
  command: () => 'true',
  parse: () => 0,
});
const on = { host: 'web-01', user: 'root' };
const ALL: readonly Topic[] = ['counter:*'];

describe('engine/knowledge', () => {
  it('tells a value from the one before, also of a read that is asked for only later', () => {
    const knowledge = createKnowledge();
    knowledge.learn(on, count('a'), 1);
    const oneMore = predictFrom(count('a'), (now) => ({ value: now + 1 }));
    knowledge.apply('web-01', ALL, [oneMore], 'add one');
    expect(knowledge.state(on, count('a'))).to.equal('predicted');
    expect(knowledge.value(on, count('a'))).to.equal(2);
    knowledge.apply('web-01', ALL, [oneMore], 'add another');
    knowledge.learn({ ...on, user: 'app' }, count('a'), 5);
    expect(knowledge.value({ ...on, user: 'app' }, count('a'))).to.equal(7);
  });

  it('tells nothing from a value that is not known itself, or where nothing can be told', () => {
    const knowledge = createKnowledge();
    knowledge.learn(on, count('a'), 1);
    knowledge.learn(on, count('b'), 1);
    knowledge.apply('web-01', ['counter:a'], [], 'something');
    const small = (now: number) => (now > 5 ? undefined : { value: now });
    knowledge.apply('web-01', ALL, [predictFrom(count('a'), small), predictFrom(count('b'), small)], 'something else');
    expect(knowledge.state(on, count('a'))).to.equal('stale');
    expect(knowledge.state(on, count('b'))).to.equal('predicted');
    knowledge.learn(on, count('c'), 9);
    knowledge.apply('web-01', ALL, [predictFrom(count('c'), small)], 'the last');
    expect(knowledge.state(on, count('c'))).to.equal('stale');
  });

  it('keeps what a change leaves as it is, of all reads of a fact, and asks again once the change is made', () => {
    const knowledge = createKnowledge();
    for (const name of ['a', 'b']) knowledge.learn(on, count(name), 3);
    knowledge.apply('web-01', ALL, [count('b').predict(4), unchanged(count.every())], 'a restart');
    expect([knowledge.value(on, count('a')), knowledge.value(on, count('b'))]).to.deep.equal([3, 4]);
    expect(knowledge.state(on, count('a'))).to.equal('predicted');
    knowledge.distrustPredictions('web-01');
    expect(knowledge.state(on, count('a'))).to.equal('stale');
  });

  it('predicts for another host, whoever asks', () => {
    const knowledge = createKnowledge();
    const there = count('a', { host: 'web-02' });
    knowledge.learn(on, there, 1);
    knowledge.apply('web-01', [], [count.every({ host: 'web-02' }).predict(8)], 'a change here');
    expect(knowledge.value({ ...on, host: 'web-02' }, count('a'))).to.equal(8);
  });
});
