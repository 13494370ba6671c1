import { expect } from 'chai';
import fc from 'fast-check';
import { SHOWN_LINES, unifiedDiff } from '../../src/report/unified.js';

describe('report/unified', () => {
  it('shows what differs with three lines around it', () => {
    expect(texts('a\nb\nc\nd\ne\nf\ng\nh\n', 'a\nb\nc\nd\nE\nf\ng\nh\n')).to.deep.equal([
      '@@ -2,7 +2,7 @@',
      ' b',
      ' c',
      ' d',
      '-e',
      '+E',
      ' f',
      ' g',
      ' h',
    ]);
  });

  it('shows new, removed, empty and equal texts', () => {
    expect(texts(undefined, 'a\nb\n')).to.deep.equal(['+a', '+b']);
    expect(texts('a\n', undefined)).to.deep.equal(['-a']);
    expect(texts(undefined, '')).to.deep.equal(['an empty text']);
    expect(texts('same', 'same')).to.deep.equal([]);
  });

  it('says what cannot be seen in the lines', () => {
    expect(texts('a', 'a\n')).to.deep.equal(['@@ -1,1 +1,1 @@', '-a', '\\ no newline at the end', '+a']);
    expect(texts('a\r\n', 'a\n')).to.deep.equal([
      'differs only in characters that cannot be shown (line ends, control characters)',
    ]);
    expect(texts('x\u001b[2Jy\n', 'z\n')).to.deep.equal(['@@ -1,1 +1,1 @@', '-xy', '+z']);
  });

  it('ends soon and says so where texts are long and different', () => {
    const lines = (prefix: string, number: number): string =>
      Array.from({ length: number }, (_, i) => `${prefix}${i}\n`).join('');
    expect(texts(lines('a', 5000), lines('b', 4000))).to.deep.equal([
      'too different to be compared line by line: 5000 lines become 4000 lines',
    ]);
    const long = texts(undefined, lines('a', SHOWN_LINES + 5));
    expect(long).to.have.length(SHOWN_LINES + 1);
    expect(long.at(-1)).to.equal('… 5 more lines');
  });

  it('holds every line that only one side has', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
      .map((lines) => lines.map((line) => `${line}\n`).join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const count = (of: string, char: string): number => of.split('\n').filter((line) => line === char).length;
        const diff = unifiedDiff({ before, after });
        for (const char of ['a', 'b', 'c', 'd']) {
          const added = diff.filter(({ kind, text: shown }) => kind === 'added' && shown === `+${char}`).length;
          const removed = diff.filter(({ kind, text: shown }) => kind === 'removed' && shown === `-${char}`).length;
          expect(added - removed).to.equal(count(after, char) - count(before, char));
        }
      }),
    );
  });
});

function texts(before: string | undefined, after: string | undefined): readonly string[] {
  return unifiedDiff({ before, after }).map(({ text }) => text);
}
