import { expect } from 'chai';
import fc from 'fast-check';
import { topicIndex } from '../../src/engine/topicIndex.js';
import { overlaps, type Topic } from '../../src/model/topic.js';

const name = fc.constantFrom('/a', '/a/b', '/a/b/c', '/ab', '/a/**', '/a/b/**', '/**', '*', 'nginx');
const topic = fc.oneof(
  fc.constant<Topic>('*'),
  fc.tuple(fc.constantFrom('path', 'unit'), name).map(([kind, rest]): Topic => `${kind}:${rest}`),
);

describe('engine/topicIndex', () => {
  it('finds just what overlaps', () => {
    fc.assert(
      fc.property(fc.array(fc.array(topic, { maxLength: 3 }), { maxLength: 12 }), topic, (entries, touched) => {
        const index = topicIndex();
        entries.forEach((topics, key) => {
          index.add(String(key), topics);
        });
        const expected = entries.flatMap((topics, key) => (topics.some((one) => overlaps(one, touched)) ? [String(key)] : []));
        expect([...index.touchedBy(touched)].sort()).to.deep.equal(expected.sort());
      }),
    );
  });
});
