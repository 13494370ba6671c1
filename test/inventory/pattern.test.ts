import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { loadInventory } from '../../src/inventory/load.js';
import { selectHosts } from '../../src/inventory/pattern.js';
import { globToRegExp } from '../../src/inventory/patternTerms.js';
import type { Inventory } from '../../src/model/inventory.js';
import { faultTexts, faultsOf, folderWith, removeFolders } from './helpers.js';

describe('inventory/pattern', () => {
  let inventory: Inventory;
  before(async () => {
    inventory = await loadInventory('test/fixtures/inventory/patterns/hosts.yml');
  });
  after(removeFolders);

  const faults = (pattern: string) => faultTexts('', () => selectHosts(inventory, pattern));

  it('gives hosts in the order of the inventory, each once, whatever the order of the terms', () => {
    expect(selectHosts(inventory, 'db-01:web:lb-01:web-02')).to.deep.equal([
      'lb-01',
      'web-01',
      'web-02',
      'web-03',
      'web-04',
      'db-01',
    ]);
  });

  it('takes out and intersects after all that adds, wherever it stands', () => {
    const names = fc.constantFrom('web', 'db', 'east', 'west', 'lb-01', '!web-01', '!db', '&east', '&web-*');
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 6 }), (terms) => {
        const select = (list: readonly string[]) => {
          try {
            return selectHosts(inventory, list.join(':'));
          } catch (error) {
            return String(error);
          }
        };
        const rank = (term: string) => ['&', '!'].indexOf(term.charAt(0));
        const ordered = select([...terms].sort((a, b) => rank(a) - rank(b)));
        const found = select(terms);
        if (Array.isArray(ordered)) expect(found).to.deep.equal(ordered);
        else expect(found).to.include('leaves no host');
      }),
    );
  });

  it('lets a regular expression hold colons, commas and brackets', () => {
    expect(selectHosts(inventory, '~(?:web|db)-0[1,2]$:!~.*-0{1,2}2')).to.deep.equal(['web-01', 'db-01']);
  });

  it('reads terms from a file', () => {
    const folder = folderWith({ retry: 'web-01\nweb-03\n\ndb-02:lb-01\n' });
    expect(selectHosts(inventory, `@${join(folder, 'retry')}:!lb`)).to.deep.equal(['web-01', 'web-03', 'db-02']);
  });

  it('tells the two ends of a place in a group', () => {
    expect(selectHosts(inventory, 'web[-2]')).to.deep.equal(['web-03']);
    expect(selectHosts(inventory, 'web[:1]')).to.deep.equal(['web-01', 'web-02']);
  });

  const WRONG: Readonly<Record<string, string>> = {
    wbe: '- no host or group "wbe" — did you mean "web"?',
    'web:!wbe-02': '- no host or group "wbe-02" (in "web:!wbe-02") — did you mean "web-02"?',
    'web:&esat': '- no host or group "esat" (in "web:&esat") — did you mean "east"?',
    'cache-*': '- no host or group matches "cache-*"',
    '~^cache': '- no host or group matches "~^cache"',
    '~(': '- "~(" is not a valid pattern',
    'web[4]': '- "web[4]" is beyond the 4 hosts of "web", which count from 0',
    'web[-5]': '- "web[-5]" is beyond the 4 hosts of "web", which count from 0',
    'web:!web': '- the host pattern "web:!web" leaves no host',
    spare: '- the host pattern "spare" leaves no host',
    ' ': '- the host pattern is empty',
    '@/nowhere/at/all': '/nowhere/at/all the file of host patterns /nowhere/at/all cannot be read',
  };
  for (const [pattern, fault] of Object.entries(WRONG)) {
    it(`refuses ${JSON.stringify(pattern)}`, async () => {
      const [found, ...more] = await faults(pattern);
      expect(found?.split(': Invalid regular expression')[0]).to.equal(fault);
      expect(more).to.deep.equal([]);
    });
  }

  it('lists the groups where no name is near', async () => {
    const [error] = await faultsOf(() => selectHosts(inventory, 'kubernetes'));
    expect(error?.hint).to.equal(
      'groups of test/fixtures/inventory/patterns/hosts.yml: all, lb, web, db, primary, replica, east, west, spare, named.example',
    );
  });

  it('takes every name that has no special sign for a glob of itself alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (name, other) => {
        fc.pre(!/[*?[\]\n]/.test(name));
        expect(globToRegExp(name).test(name)).to.equal(true);
        expect(globToRegExp(name).test(other)).to.equal(name === other);
      }),
    );
  });
});
