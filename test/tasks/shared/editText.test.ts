import { expect } from 'chai';
import fc from 'fast-check';
import { findBlock, withBlock, withLine, withoutBlock, withoutLine } from '../../../src/tasks/shared/editText.js';
import { mask, reveal, Secret } from '../../../src/util/secret.js';

const markers = { begin: '# BEGIN', end: '# END' };
const word = fc.constantFrom('a', 'b=1', '#b=1', 'b=2', '', '[s]', 'b');
const anyText = fc.tuple(fc.array(word), fc.boolean()).map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''));
const anyPattern = fc.option(fc.constantFrom('^#?b=', '^a$', 'EOF', 'BOF', 'no such'), { nil: undefined });

describe('tasks/shared/editText', () => {
  it('appends a line, ending the one before it', () => {
    expect(withLine('a\n', { line: 'b' })).to.equal('a\nb\n');
    expect(withLine('a', { line: 'b' })).to.equal('a\nb\n');
    expect(withLine('', { line: 'b' })).to.equal('b\n');
  });

  it('leaves a text that has the line byte for byte', () => {
    expect(withLine('b\n\na', { line: 'a' })).to.equal('b\n\na');
    expect(withLine('b=2', { line: 'b=2', match: '^#?b=' })).to.equal('b=2');
  });

  it('replaces the last line that matches', () => {
    expect(withLine('#b=0\nb=1\nc\n', { line: 'b=2', match: '^#?b=' })).to.equal('#b=0\nb=2\nc\n');
    expect(withLine('#b=0\n', { line: 'x', match: '^#b=' })).to.equal('x\n');
  });

  it('puts a new line where it is told', () => {
    const text = '[a]\n[b]\n[a]\nend\n';
    expect(withLine(text, { line: 'x', insertAfter: '^\\[a' })).to.equal('[a]\n[b]\n[a]\nx\nend\n');
    expect(withLine(text, { line: 'x', insertBefore: '^\\[a' })).to.equal('[a]\n[b]\nx\n[a]\nend\n');
    expect(withLine(text, { line: 'x', insertBefore: 'BOF' })).to.equal(`x\n${text}`);
    expect(withLine(text, { line: 'x', insertAfter: 'nowhere' })).to.equal(`${text}x\n`);
  });

  it('removes lines', () => {
    expect(withoutLine('a\nb\na', { line: 'a' })).to.equal('b\n');
    expect(withoutLine('a=1\nb\na=2\n', { match: '^a' })).to.equal('b\n');
    expect(withoutLine('b', { line: 'a' })).to.equal('b');
  });

  it('makes, replaces and removes a block, and leaves the rest alone', () => {
    const made = withBlock('x\ny', 'one\ntwo\n', markers, { insertAfter: '^x' });
    expect(made).to.equal('x\n# BEGIN\none\ntwo\n# END\ny\n');
    expect(withBlock(reveal(made), 'three', markers, {})).to.equal('x\n# BEGIN\nthree\n# END\ny\n');
    expect(withBlock('', '', markers, {})).to.equal('# BEGIN\n# END\n');
    expect(withoutBlock(reveal(made), markers)).to.equal('x\ny\n');
  });

  it('sees markers that are not one pair', () => {
    for (const text of ['# BEGIN\n', '# END\n', '# END\n# BEGIN\n', '# BEGIN\n# END\n# BEGIN\n# END\n']) {
      expect(findBlock(text, markers)).to.equal('damaged');
    }
  });

  it('keeps a secret line secret in the whole text', () => {
    const text = withLine('a\npassword=old\n', { line: new Secret('password=new!', 'password=•••'), match: '^password=' });
    expect(mask(text)).to.equal('a\npassword=•••\n');
    expect(reveal(text)).to.equal('a\npassword=new!\n');
  });

  it('changes nothing the second time, whatever the text and the options', () => {
    fc.assert(
      fc.property(anyText, word, anyPattern, anyPattern, anyPattern, (text, line, match, insertAfter, insertBefore) => {
        const wanted = { line, match, insertAfter, insertBefore };
        const once = withLine(text, wanted) as string;
        expect(withLine(once, wanted)).to.equal(once);
        const gone = withoutLine(once, { line, match });
        expect(withoutLine(gone, { line, match })).to.equal(gone);
        const block = withBlock(text, line, markers, wanted) as string;
        expect(withBlock(block, line, markers, wanted)).to.equal(block);
        expect(withoutBlock(block, markers)).to.equal(text === '' || text.endsWith('\n') ? text : `${text}\n`);
      }),
    );
  });
});
