import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { loadInventory } from '../../src/inventory/load.js';
import { connectionsOf } from '../../src/inventory/connection.js';

describe('the Vagrantfile and its inventory', () => {
  it('name the same machines at the same addresses', async () => {
    const made = [...(await readFile('Vagrantfile', 'utf8')).matchAll(/^ {2}'([\w-]+)' => '([\d.]+)'/gm)];
    const { hosts } = await loadInventory('inventory/vagrant.yml');
    const connections = connectionsOf(hosts);
    const known = hosts.map(({ name }) => [name, connections.get(name)?.address]);
    expect(made.map(([, name, address]) => [name, address])).to.deep.equal(known);
    expect(known).to.have.lengthOf(3);
  });

  it('agree on where a machine’s keys are', async () => {
    const { hosts } = await loadInventory('inventory/vagrant.yml');
    for (const { name, vars } of hosts) {
      expect(vars['ansible_ssh_private_key_file']).to.equal(`../.vagrant/provision/${name}/private_key`);
      expect(vars['ansible_ssh_known_hosts_file']).to.equal(`../.vagrant/provision/${name}/known_hosts`);
    }
    const text = await readFile('Vagrantfile', 'utf8');
    expect(text).to.include("join('.vagrant', 'provision', machine.name.to_s)");
    for (const file of ['private_key', 'known_hosts']) expect(text).to.include(`folder.join('${file}')`);
  });
});
