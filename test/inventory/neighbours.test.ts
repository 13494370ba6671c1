import { expect } from 'chai';
import { join } from 'node:path';
import { loadInventory } from '../../src/inventory/load.js';
import { refuseMisnamedFiles } from '../../src/inventory/neighbours.js';
import { faultTexts, faultsOf, folderWith, removeFolders } from './helpers.js';

const HOSTS = 'web: { hosts: { web-01: } }\n';
const MISNAMED = { 'hosts.yml': HOSTS, 'group_vars/wbe.yml': '', 'host_vars/web-02.yml': '', 'group_vars/other.yml': '' };

describe('inventory/neighbours', () => {
  after(removeFolders);

  const load = async (files: Readonly<Record<string, string>>) => {
    const folder = folderWith(files);
    return { folder, inventory: await loadInventory(join(folder, 'hosts.yml')) };
  };

  it('refuses files that are nobody’s and have the name of somebody nearby', async () => {
    const { folder, inventory } = await load(MISNAMED);
    expect(await faultTexts(folder, () => refuseMisnamedFiles(inventory))).to.deep.equal([
      'group_vars/wbe.yml nothing reads this file: there is no group "wbe" — did you mean "web"?',
      'host_vars/web-02.yml nothing reads this file: there is no host "web-02" — did you mean "web-01"?',
    ]);
  });

  it('shows the group that may be the misspelt one', async () => {
    const { inventory } = await load({ 'hosts.yml': 'wbe: { hosts: { web-01: } }\n', 'group_vars/web.yml': '' });
    const [fault] = await faultsOf(() => refuseMisnamedFiles(inventory));
    expect(fault?.hint).to.match(/correct the group "wbe" in .*hosts\.yml:1:1$/);
  });

  it('takes those that are meant for another inventory of the folder', async () => {
    const { inventory } = await load({ ...MISNAMED, 'stage.yml': 'wbe: { hosts: { "web-[01:03]": } }\n' });
    await refuseMisnamedFiles(inventory);
  });

  it('refuses nothing where another inventory cannot be read', async () => {
    const { inventory } = await load({ ...MISNAMED, 'stage.yml': '$ANSIBLE_VAULT;1.1;AES256\n3132\n' });
    await refuseMisnamedFiles(inventory);
  });
});
