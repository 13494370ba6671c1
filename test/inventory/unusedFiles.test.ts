import { join } from 'node:path';
import { expect } from 'chai';
import { loadInventory } from '../../src/inventory/load.js';
import { unusedFiles } from '../../src/inventory/unusedFiles.js';
import { folderWith, removeFolders } from './helpers.js';

describe('inventory/unusedFiles', () => {
  after(removeFolders);

  it('notes the files that no group or host reads, and whose they may be', async () => {
    const folder = folderWith({
      'hosts.yml': 'web: {hosts: {web-01: , a.example.com: }}\n',
      'group_vars/web.yml': '',
      'group_vars/wbe.yml': '',
      'group_vars/all/x.yml': '',
      'group_vars/.hidden': '',
      'host_vars/a.example.com': '',
      'host_vars/web-01/x.yml': '',
      'host_vars/database': '',
    });
    const notes = unusedFiles([await loadInventory(join(folder, 'hosts.yml'))]);
    expect(notes.map(({ message, where }) => `${where?.file.replace(`${folder}/`, '') ?? ''}: ${message}`)).to.deep.equal([
      'group_vars/wbe.yml: nothing reads this file: there is no group "wbe" — did you mean "web"?',
      'host_vars/database: nothing reads this file: there is no host "database"',
    ]);
  });
});
