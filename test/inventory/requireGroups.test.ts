import { expect } from 'chai';
import { join } from 'node:path';
import { loadInventory } from '../../src/inventory/load.js';
import { requireGroups, type GroupsWanted } from '../../src/inventory/requireGroups.js';
import { InputErrors } from '../../src/model/errors.js';
import { faultTexts, folderWith, removeFolders } from './helpers.js';

const HOSTS = `all:
  children:
    web:
      hosts:
        web-01:
    db:
      hosts:
        web-01:
    prod:
      children:
        web:
        db:
`;

describe('inventory/requireGroups', () => {
  after(removeFolders);

  const faults = async (
    text: string,
    wanted: GroupsWanted = { groups: ['web', 'db'] },
    files: Readonly<Record<string, string>> = {},
  ): Promise<readonly string[]> => {
    const folder = folderWith({ 'hosts.yml': text, ...files });
    const inventory = await loadInventory(join(folder, 'hosts.yml'));
    const file = wanted.file === undefined ? undefined : join(folder, wanted.file);
    let passed = false;
    const texts = await faultTexts(folder, () => {
      requireGroups(inventory, { ...wanted, file });
      passed = true;
      throw new InputErrors([]);
    });
    expect(passed).to.equal(texts.length === 0);
    return texts;
  };

  it('takes an inventory that has them', async () => {
    expect(await faults(HOSTS)).to.deep.equal([]);
    expect(await faults(HOSTS, { groups: ['web', 'db', 'all'] })).to.deep.equal([]);
  });

  it('says which groups there are where one is missing', async () => {
    expect(await faults(HOSTS, { groups: ['web', 'cache'] })).to.deep.equal([
      'hosts.yml the playbook needs a group "cache", which the inventory has not',
    ]);
  });

  it('shows a misspelt definition, also where the right name is still a child somewhere', async () => {
    expect(await faults(HOSTS.replace('    web:\n      hosts', '    wbe:\n      hosts'))).to.deep.equal([
      'hosts.yml:3:5 the playbook knows no group "wbe", and needs a group "web" — did you mean "web"?',
    ]);
  });

  it('shows a misspelt child', async () => {
    expect(await faults(HOSTS.replace('        web:\n        db:', '        wbe:\n        db:'))).to.deep.equal([
      'hosts.yml:11:9 the group "wbe" is named here and defined nowhere — did you mean "web"?',
    ]);
  });

  it('shows a misspelt name in the playbook’s own list, where its plays have the right one', async () => {
    const wanted = { groups: ['wbe', 'db'], plays: [{ hosts: ['web'] }], file: 'play.ts' };
    expect(await faults(HOSTS, wanted, { 'play.ts': "playbook({\n  groups: ['wbe', 'db'],\n" })).to.deep.equal([
      'play.ts:2:12 the playbook declares a group "wbe", which the inventory has not — did you mean "web"?',
    ]);
  });

  it('takes an empty group that is written as one, and one that no name is near to', async () => {
    const more = (text: string) => HOSTS.replace('        db:\n', `        db:\n        ${text}\n`);
    expect(await faults(more('wbe: { hosts: {} }'))).to.deep.equal([]);
    expect(await faults(more('cache:'))).to.deep.equal([]);
    expect(await faults(HOSTS.replace('  children:\n', '  children:\n    cache:\n'), { groups: ['web', 'cache'] })).to.deep.equal(
      [],
    );
  });

  it('does without an optional group, and refuses a misspelt one', async () => {
    const wanted = { groups: ['web', 'db'], optionalGroups: ['mon'] };
    const more = (name: string) => `${HOSTS}    ${name}:\n      hosts:\n        mon-01:\n`;
    expect(await faults(HOSTS, wanted)).to.deep.equal([]);
    expect(await faults(more('mon'), wanted)).to.deep.equal([]);
    expect(await faults(more('cache'), wanted)).to.deep.equal([]);
    expect(await faults(more('man'), wanted)).to.deep.equal([
      'hosts.yml:13:5 the playbook knows no group "man", and needs a group "mon" — did you mean "mon"?',
    ]);
  });

  it('refuses a misspelt "all"', async () => {
    expect(await faults(HOSTS.replace('all:', 'al:'))).to.deep.equal([
      'hosts.yml:1:1 the group "al" has every host, and there is no "all" — did you mean "all"?',
    ]);
    expect(await faults(`${HOSTS.replace('all:', 'al:')}all: { children: { al: } }\n`)).to.deep.equal([]);
  });
});
