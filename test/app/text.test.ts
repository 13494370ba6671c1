import { expect } from 'chai';
import { parseNoteText } from '../../playbooks/app/notes/text.js';

describe('the text of a note', () => {
  it('may have 500 characters, counted as the database counts them', () => {
    expect(parseNoteText('👋'.repeat(500))).to.have.property('text');
    expect(parseNoteText('👋'.repeat(501))).to.deep.equal({ problem: 'the note has 501 characters, 500 are allowed' });
  });

  it('keeps line ends and tabs, and no other control character', () => {
    expect(parseNoteText(' one\r\n\ttwo ')).to.deep.equal({ text: 'one\n\ttwo' });
    for (const bad of ['a\u0000b', 'a\u001bb', 'a\u0085b', 'a\rb'])
      expect(parseNoteText(bad), JSON.stringify(bad)).to.have.property('problem');
  });
});
