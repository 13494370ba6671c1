import { expect } from 'chai';
import { prefersHtml } from '../../playbooks/app/http/accept.js';

describe('the Accept header', () => {
  const cases: [accept: string | undefined, html: boolean][] = [
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['text/html', true],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
    ['application/json, text/html;q=0.9', false],
    ['text/*', true],
    ['text/html;q=0, */*', false],
    ['text/html;q=x', false],
  ];
  for (const [accept, html] of cases) {
    it(`${accept ?? '(none)'} prefers ${html ? 'HTML' : 'JSON'}`, () => {
      expect(prefersHtml(accept)).to.equal(html);
    });
  }
});
