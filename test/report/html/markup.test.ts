import { expect } from 'chai';
import fc from 'fast-check';
import { html } from '../../../src/report/html/markup.js';

describe('report/html/markup', () => {
  it('escapes what is put in, joins lists, and leaves out what is undefined', () => {
    expect(html`<b title="${'"x\''}">${'<i>&'}</b>`.toString()).to.equal('<b title="&quot;x&#39;">&lt;i&gt;&amp;</b>');
    expect(html`${[1, html`<br />`, ['a', undefined]]}${undefined}`.toString()).to.equal('1<br />a');
  });

  it('lets no text become markup, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.toString()).not.to.match(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  it('takes out what reorders text or moves a cursor', () => {
    expect(html`${'a\u202eb\u001b[2Jc\u0000'}`.toString()).to.equal('a\ufffdbc␀');
  });
});
