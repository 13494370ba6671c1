import { expect } from 'chai';
import { InputError } from '../../src/model/errors.js';
import { isChosen, requireTags } from '../../src/engine/tags.js';

describe('engine/tags', () => {
  const chosen = (own: string[], tags: string[], skipTags: string[] = []) => isChosen(own, { tags, skipTags });

  it('takes all without tags, and those that are asked for with them', () => {
    expect(chosen(['a'], [])).to.equal(true);
    expect(chosen(['a', 'b'], ['b'])).to.equal(true);
    expect(chosen(['a'], ['b'])).to.equal(false);
    expect(chosen(['a'], [], ['a'])).to.equal(false);
  });

  it('knows always, never, tagged and untagged', () => {
    expect(chosen(['always'], ['b'])).to.equal(true);
    expect(chosen(['always'], [], ['always'])).to.equal(false);
    expect(chosen(['never', 'wipe'], [])).to.equal(false);
    expect(chosen(['never', 'wipe'], ['wipe'])).to.equal(true);
    expect(chosen([], ['untagged'])).to.equal(true);
    expect(chosen([], ['tagged'])).to.equal(false);
  });

  it('refuses a tag that nothing has, with the near one', () => {
    expect(() => {
      requireTags({ tags: ['ngnix'], skipTags: [] }, new Set(['nginx', 'app']));
    }).to.throw(InputError, 'did you mean "nginx"?');
  });
});
