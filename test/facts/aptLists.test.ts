import { expect } from 'chai';
import { aptLists } from '../../src/facts/aptLists.js';
import { askLocally } from '../support/shell.js';
import { parseRecorded } from '../support/recorded.js';

describe('facts/aptLists', () => {
  it('reads presence, age and whether a source is newer', () => {
    expect(parseRecorded('present 450 \n', aptLists)).to.deep.equal([{ present: true, ageSeconds: 450, outdated: false }]);
    expect(parseRecorded('absent 1780000000 outdated\n', aptLists)).to.deep.equal([
      { present: false, ageSeconds: 1_780_000_000, outdated: true },
    ]);
  });

  it('has a script that ends well on any machine', () => {
    const [lists] = askLocally(aptLists);
    expect(lists?.ageSeconds).to.be.a('number').and.satisfy(Number.isInteger);
  });
});
