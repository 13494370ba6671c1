import { expect } from 'chai';
import { didYouMean, nearest } from '../../src/util/names.js';

describe('util/names', () => {
  it('finds what was most likely meant', () => {
    expect(nearest('wbe', ['web', 'lb', 'db'])).to.equal('web');
    expect(nearest('contnet', ['content', 'path'])).to.equal('content');
    expect(nearest('Domain', ['domain'])).to.equal('domain');
  });

  it('names all that are as near as each other', () => {
    expect(didYouMean('b', ['lb', 'web', 'db'])).to.equal(' — did you mean "lb" or "db"?');
  });

  it('says nothing where nothing is near', () => {
    expect(nearest('zebra', ['web', 'lb'])).to.equal(undefined);
    expect(didYouMean('zebra', ['web'])).to.equal('');
    expect(didYouMean('lbb', ['lb'])).to.equal(' — did you mean "lb"?');
  });
});
