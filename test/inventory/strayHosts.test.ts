import { expect } from 'chai';
import { join } from 'node:path';
import { loadInventory } from '../../src/inventory/load.js';
import { strayHosts } from '../../src/inventory/strayHosts.js';
import { faultText, folderWith, removeFolders } from './helpers.js';

describe('inventory/strayHosts', () => {
  after(removeFolders);

  const strays = async (text: string, known: readonly string[] = []): Promise<readonly string[]> => {
    const folder = folderWith({ 'hosts.yml': text });
    const { hosts } = await loadInventory(join(folder, 'hosts.yml'));
    return strayHosts(hosts, (name) => known.includes(name)).map((fault) => faultText(fault, folder));
  };
  const two = (second: string) => `web:
  hosts:
    web-01: { ansible_host: 192.0.2.1 }
    lb-01: { ansible_host: 192.0.2.9 }
db:
  hosts:
    ${second}
`;

  it('refuses a host without an address whose name is one slip from that of one with an address, where it stands', async () => {
    for (const name of ['web-0l', 'wbe-01', 'web-011', 'web01']) {
      expect(await strays(two(`${name}:`)), name).to.deep.equal([
        `hosts.yml:7:5 nothing says where the host "${name}" is — did you mean "web-01"?`,
      ]);
    }
  });

  it('says where the other one is, and finds a misspelt address', async () => {
    const folder = folderWith({ 'hosts.yml': two('web-0l:') });
    const { hosts } = await loadInventory(join(folder, 'hosts.yml'));
    expect(strayHosts(hosts, () => false)[0]?.hint).to.match(/^"web-01" is in .*hosts\.yml:3:5; where "web-0l" is meant/);
    expect(await strays(two('web-02: { nasible_host: 192.0.2.2 }'))).to.deep.equal([
      'hosts.yml:7:15 there is no "nasible_host" here — did you mean "ansible_host"?',
    ]);
  });

  it('takes the same host again, one that is no neighbour, and one that says that it is meant', async () => {
    expect(await strays(two('web-01:'))).to.deep.equal([]);
    expect(await strays(two('db-07.example.org:'))).to.deep.equal([]);
    expect(await strays(two('web-02: { ansible_host: web-02 }'))).to.deep.equal([]);
    expect(await strays(two('web-02: { ansible_ssh_host: web-02 }'))).to.deep.equal([]);
    expect(await strays(two('web-02: { ansible_connection: local }'))).to.deep.equal([]);
  });

  it('takes a name that this machine knows, and names where none has an address', async () => {
    expect(await strays(two('web-02:'), ['web-02'])).to.deep.equal([]);
    expect(await strays('web: { hosts: { web-01: , web-02: } }\n')).to.deep.equal([]);
  });

  it('asks this machine’s own files', async () => {
    const folder = folderWith({
      'hosts.yml': two('web-02:'),
      config: 'Host web-02 db\n  HostName 192.0.2.2\nHost *\n  User me\n',
    });
    const { hosts } = await loadInventory(join(folder, 'hosts.yml'));
    const before = process.env['PROVISION_SSH_CONFIG'];
    try {
      process.env['PROVISION_SSH_CONFIG'] = join(folder, 'config');
      expect(strayHosts(hosts)).to.deep.equal([]);
      process.env['PROVISION_SSH_CONFIG'] = join(folder, 'nothing');
      expect(strayHosts(hosts)).to.have.lengthOf(1);
    } finally {
      if (before === undefined) delete process.env['PROVISION_SSH_CONFIG'];
      else process.env['PROVISION_SSH_CONFIG'] = before;
    }
  });
});
