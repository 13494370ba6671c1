import { expect } from 'chai';
import fc from 'fast-check';
import { markup } from '../../playbooks/app/page/markup.js';

describe('markup', () => {
  it('escapes whatever is put into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", 'a', ';') }), (text) => {
        const { html } = markup`${text}`;
        expect(html).to.not.match(/[<>"']/);
        expect(html.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, '')).to.not.contain('&');
      }),
    );
  });

  it('takes markup as it is, alone or in a list', () => {
    const item = markup`<i>${'<'}</i>`;
    expect(markup`<b>${item}${[item, item]}${1}</b>`.html).to.equal('<b><i>&lt;</i><i>&lt;</i><i>&lt;</i>1</b>');
  });
});
