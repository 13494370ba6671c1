import { expect } from 'chai';
import { withoutPlace, withPart } from '../../../bench/page/place.js';

const page =
  '# Title\n\n<!-- bench W1 -->\nold\n<!-- end of bench W1 -->\n\ntext\n\n<!-- bench W4 -->\n<!-- end of bench W4 -->\n';

describe('the page of the bench', () => {
  it('gets a new part between its comments, and keeps all else', () => {
    const first = withPart(page, 'W1', 'new\n');
    expect(first).to.equal(page.replace('\nold\n', '\n\nnew\n\n'));
    expect(withPart(first, 'W1', 'new')).to.equal(first);
    expect(withPart(page, 'W4', 'ping'))
      .to.include('old')
      .and.include('W4 -->\n\nping\n\n<!-- end of bench W4');
  });

  it('is refused where it has no place for a workload', () => {
    expect(withoutPlace(page, ['W1', 'W2', 'W4'])).to.deep.equal(['W2']);
    expect(() => withPart(page, 'W2', 'x')).to.throw('no place for W2: add <!-- bench W2 -->');
    expect(withoutPlace('<!-- end of bench W1 --> <!-- bench W1 -->', ['W1'])).to.deep.equal(['W1']);
  });
});
