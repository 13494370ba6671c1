import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseExtraVars } from '../../src/inventory/extraVars.js';
import { loadInventory } from '../../src/inventory/load.js';
import { faultTexts, faultsOf, folderWith, removeFolders } from './helpers.js';

const load = (files: Readonly<Record<string, string>>) => loadInventory(join(folderWith(files), 'hosts.yml'));
const faults = (files: Readonly<Record<string, string>>) => {
  const folder = folderWith(files);
  return faultTexts(folder, () => loadInventory(join(folder, 'hosts.yml')));
};

describe('inventory/load', () => {
  after(removeFolders);

  it('keeps hosts and groups in the order of the file, with the groups of each host from the top down', async () => {
    const web = '        web:\n          hosts:\n            web-[02:03]:\n            web-01:\n';
    const inventory = await load({
      'hosts.yml': `all:\n  children:\n    site:\n      children:\n${web}        lb: {hosts: lb-01}\nextra: {hosts: {web-01: }}\n`,
    });
    expect(inventory.hosts.map((host) => host.name)).to.deep.equal(['web-02', 'web-03', 'web-01', 'lb-01']);
    expect(inventory.hosts[2]?.groups).to.deep.equal(['all', 'extra', 'site', 'web']);
    expect([...inventory.groups.keys()]).to.deep.equal(['all', 'site', 'web', 'lb', 'extra', 'ungrouped']);
    expect(inventory.groups.get('site')).to.deep.equal(['web-02', 'web-03', 'web-01', 'lb-01']);
  });

  it('lets extra variables win over everything', async () => {
    const folder = folderWith({ 'hosts.yml': 'all: {hosts: {a: {x: 1, y: 1}}}', 'host_vars/a.yml': 'x: 2\n' });
    const extraVars = await parseExtraVars(['x=3']);
    const { hosts } = await loadInventory(join(folder, 'hosts.yml'), { extraVars });
    expect(hosts[0]?.vars).to.deep.equal({ x: 3, y: 1 });
    expect(hosts[0]?.origins.get('x')).to.deep.equal({ file: '--extra-vars' });
  });

  it('knows where the winning value of each variable and its parts stand', async () => {
    const folder = folderWith({
      'hosts.yml': 'all:\n  hosts:\n    a:\n  vars:\n    gone: 1\n    kept: 1\n',
      'group_vars/all/main.yml': '# the file\ngone:\n  - name: x\n    size: 2\n',
    });
    const { hosts } = await loadInventory(join(folder, 'hosts.yml'));
    const places = [...(hosts[0]?.origins ?? [])].map(([path, { file, line, column }]) => [
      path,
      file.slice(folder.length + 1),
      line,
      column,
    ]);
    expect(places).to.have.deep.members([
      ['kept', 'hosts.yml', 6, 5],
      ['gone', 'group_vars/all/main.yml', 2, 1],
      ['gone.0', 'group_vars/all/main.yml', 3, 5],
      ['gone.0.name', 'group_vars/all/main.yml', 3, 5],
      ['gone.0.size', 'group_vars/all/main.yml', 4, 5],
    ]);
  });

  it('merges a folder of inventory files, with the variable files in it', async () => {
    const folder = folderWith({
      'prod/10-web.yml': 'web: {hosts: {web-01: {x: 1, y: 1}}}',
      'prod/20-more.yml': 'web: {hosts: {web-02: }}\nall: {hosts: {web-01: {x: 2}}}',
      'prod/readme.md': 'not: [read',
      'prod/group_vars/web.yml': 'z: 3\n',
    });
    const { hosts, groups } = await loadInventory(join(folder, 'prod'));
    expect(groups.get('web')).to.deep.equal(['web-01', 'web-02']);
    expect(hosts[0]?.vars).to.deep.equal({ x: 2, y: 1, z: 3 });
  });

  it('names a key that a group does not have, and the one that was meant', async () => {
    expect(
      await faults({ 'hosts.yml': 'all:\n  childen:\n    web:\n      host:\n        web-01:\n  hosts:\n    a:\n' }),
    ).to.deep.equal(['hosts.yml:2:3 the group "all" has no "childen" — did you mean "children"?']);
    expect(await faults({ 'hosts.yml': 'web:\n  host:\n    web-01:\n' })).to.deep.equal([
      'hosts.yml:2:3 the group "web" has no "host" — did you mean "hosts"?',
    ]);
  });

  it('tells where a group or a variable goes that stands in the wrong place', async () => {
    const folder = folderWith({ 'hosts.yml': 'all:\n  web:\n    hosts:\n      a:\n  domain: x.com\n' });
    const errors = await faultsOf(() => loadInventory(join(folder, 'hosts.yml')));
    expect(errors.map((error) => error.hint)).to.deep.equal([
      'a group inside "all" goes under its "children:"',
      'a variable goes under "vars:", a host under "hosts:"',
    ]);
  });

  it('tells all faults of all files at once', async () => {
    expect(
      await faults({
        'hosts.yml': 'all:\n  hosts:\n    web-[1:: {}\n',
        'group_vars/all.yml': 'a: 1\na: 2\n',
      }),
    ).to.deep.equal([
      'hosts.yml:3:5 the host "web-[1:": the brackets of "web-[1:" do not match; a range is written web-[01:20]',
      'group_vars/all.yml:2:1 "a" stands here twice: first in line 1',
    ]);
  });

  const WRONG: Readonly<Record<string, string>> = {
    'hosts:\n  a:\n': 'hosts.yml:1:1 "hosts" stands outside of any group',
    '- a\n': 'hosts.yml:1:1 an inventory is a map of groups, found a list',
    'all:\n  hosts:\n    - a\n': 'hosts.yml:3:5 "hosts" must be a map of hosts, found a list',
    'all:\n  hosts:\n    a: 5\n': 'hosts.yml:3:8 the host "a" must be a map of variables, found 5',
    'all: web\n': 'hosts.yml:1:6 the group "all" must be a map of hosts, children and vars, found "web"',
    'my group: {}\n': 'hosts.yml:1:1 "my group" is not a group\'s name (letters, digits, "_", "-" and ".")',
    'all:\n  hosts: {a: }\n  vars:\n    http-port: 1\n':
      'hosts.yml:4:5 "http-port" is not a variable\'s name (letters, digits and "_") — did you mean "http_port"?',
    'all: {children: {}}\n': 'hosts.yml the inventory has no hosts',
    '': 'hosts.yml the inventory has no hosts',
    'a: {children: {b: {children: {a: }}}}\n': "hosts.yml:1:1 groups are each other's children: a > b > a",
    'a: {children: {a: }}\n': 'hosts.yml:1:1 the group "a" is its own child',
    '[web]\nweb-01 ansible_host=10.0.0.1\n': "hosts.yml this is not YAML; it looks like an inventory in Ansible's INI format",
    '[web]\n': "hosts.yml this is not YAML; it looks like an inventory in Ansible's INI format",
    'a: {vars: {ansible_group_priority: high}, hosts: {b: }}':
      'hosts.yml:1:12 ansible_group_priority must be a whole number, found "high"',
  };
  for (const [text, fault] of Object.entries(WRONG)) {
    it(`refuses ${JSON.stringify(text)}`, async () => {
      expect(await faults({ 'hosts.yml': text })).to.deep.equal([fault]);
    });
  }

  it('refuses two sources of the same group, of which Ansible would silently drop one', async () => {
    expect(
      await faults({ 'hosts.yml': 'all: {hosts: {a: }}', 'group_vars/all.yml': 'x: 1', 'group_vars/all/b.yml': 'x: 2' }),
    ).to.deep.equal([
      'group_vars/all.yml group_vars/all and group_vars/all.yml are both there, and only one of them can be "all"',
    ]);
  });

  it('refuses a file that is not text, and one that is not there', async () => {
    const folder = folderWith({});
    writeFileSync(join(folder, 'hosts.yml'), Buffer.from([0x61, 0xff, 0xfe]));
    expect(await faultTexts(folder, () => loadInventory(join(folder, 'hosts.yml')))).to.deep.equal([
      'hosts.yml this file is not text in UTF-8',
    ]);
    expect(await faultTexts(folder, () => loadInventory(join(folder, 'other.yml')))).to.deep.equal([
      'other.yml no inventory other.yml',
    ]);
  });
});
