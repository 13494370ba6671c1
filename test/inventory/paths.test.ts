import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { expandHome, resolveInventoryPath } from '../../src/inventory/paths.js';
import { faultText, faultsOf, folderWith, removeFolders } from './helpers.js';

describe('inventory/paths', () => {
  after(removeFolders);
  const project = () =>
    folderWith({
      'inventory/prod.yml': '',
      'inventory/vagrant.yml': '',
      'inventory/notes.txt': '',
      'own.yml': '',
      'both.yml': '',
      'inventory/both.yml': '',
      'inventory/folder/hosts.yml': '',
    });

  it('finds a path, and a name in inventory/, with or without its ending', () => {
    const cwd = project();
    const found = (name: string) => resolveInventoryPath(name, cwd).slice(cwd.length + 1);
    expect(found('own.yml')).to.equal('own.yml');
    expect(found('prod.yml')).to.equal('inventory/prod.yml');
    expect(found('inventory/prod.yml')).to.equal('inventory/prod.yml');
    expect(found('vagrant')).to.equal('inventory/vagrant.yml');
    expect(found('folder')).to.equal('inventory/folder');
    expect(found(join(cwd, 'inventory/prod.yml'))).to.equal('inventory/prod.yml');
  });

  it('takes the path itself before the one in inventory/', () => {
    const cwd = project();
    expect(resolveInventoryPath('both.yml', cwd)).to.equal(join(cwd, 'both.yml'));
  });

  it('gives a short path below the working folder', () => {
    expect(resolveInventoryPath('package.json', process.cwd())).to.equal('package.json');
  });

  it('says where it looked, what is there, and what was meant', async () => {
    const cwd = project();
    const [error] = await faultsOf(() => resolveInventoryPath('prd.yml', cwd));
    expect(error && faultText(error, cwd)).to.equal('- no inventory "prd.yml" — did you mean "prod.yml"?');
    expect(error?.hint).to.equal(
      `looked for ${cwd}/prd.yml and ${cwd}/inventory/prd.yml; inventory/ has both.yml, prod.yml, vagrant.yml`,
    );
  });

  it('says where it looked in a folder with no inventories', async () => {
    const cwd = folderWith({});
    const [error] = await faultsOf(() => resolveInventoryPath('/nowhere/prod.yml', cwd));
    expect(error?.message).to.equal('no inventory "/nowhere/prod.yml"');
    expect(error?.hint).to.equal('looked for /nowhere/prod.yml');
  });

  it('knows the home folder', () => {
    expect(expandHome('~/x')).to.equal(join(homedir(), 'x'));
    expect(expandHome('~other/x')).to.equal('~other/x');
  });
});
