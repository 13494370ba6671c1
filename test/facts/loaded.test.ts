import { expect } from 'chai';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileState } from '../../src/facts/file.js';
import { folderMark, loadedFiles } from '../../src/facts/loaded.js';
import { MARK_SHELL, markOf } from '../../src/facts/marks.js';
import { quote } from '../../src/util/shell.js';
import { fixture, parseRecorded } from '../support/recorded.js';
import { askLocally, runLocally } from '../support/shell.js';

describe('facts/loaded', () => {
  it('takes the record of this invocation, and what is older than the start for loaded', () => {
    const [nginx, ssh, nosuch] = parseRecorded(
      fixture('systemd/loaded.txt'),
      loadedFiles({
        unit: 'nginx.service',
        paths: ['/etc/nginx/nginx.conf', '/etc/nginx/sites-enabled/', '/etc/hosts', '/etc/gone'],
      }),
      loadedFiles({ unit: 'ssh.service', paths: ['/etc/ssh/sshd_config', '/etc/x/l', '/etc/ssh/'] }),
      loadedFiles({ unit: 'nosuch.service', paths: ['/etc/hosts'] }),
    );
    expect(nginx).to.deep.equal({
      '/etc/nginx/nginx.conf': 'file:48c6a4ec1e1fd28ccf968490f07e34a1d7f755793b2108a3ed8670b1ee2a0aa2',
      '/etc/nginx/sites-enabled/': 'folder:95c5443e6718cc34e1e724d8df86b25b1cc4d5e4c1cccdf104ec9067eccd50a0',
      '/etc/hosts': 'file:4276b880fb50fd11e980f4e59321b21d09806c3c488a38600b8d3f931a946860',
      '/etc/gone': 'absent',
    });
    // The link is newer than the start of ssh; so its loading is not known.
    expect(Object.keys(ssh ?? {})).to.deep.equal(['/etc/ssh/sshd_config', '/etc/ssh/']);
    expect(nosuch).to.deep.equal({});
  });

  it('does not count what changed in the second of the start', () => {
    const at = (seconds: number) =>
      parseRecorded(
        `unit abc|1000\nnow ${seconds} file:00 /etc/a b\n`,
        loadedFiles({ unit: 'a.service', paths: ['/etc/a b'] }),
      )[0];
    expect(at(1000)).to.deep.equal({});
    expect(at(999)).to.deep.equal({ '/etc/a b': 'file:00' });
  });
});

describe('facts/marks', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "it's ")))); // a name that shells must be told with care
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  it('gives the same mark on the host and on the controller', () => {
    writeFileSync(join(dir, 'file'), 'x\n');
    symlinkSync('file', join(dir, 'link'));
    for (const name of ['file', 'link', 'gone']) {
      const path = join(dir, name);
      const [state] = askLocally(fileState({ path }));
      expect(state && markOf(state)).to.equal(runLocally(`${MARK_SHELL}\nmark ${quote(path)}`).stdout.trim());
    }
    const [folder] = askLocally(fileState({ path: dir }));
    expect(folder && markOf(folder)).to.equal(undefined);
  });

  it('marks a folder by all that is in it', () => {
    const mark = () => askLocally(folderMark(`${dir}/`))[0];
    const seen = [mark()];
    mkdirSync(join(dir, 'sub'));
    writeFileSync(join(dir, 'sub', 'a'), '1');
    seen.push(mark());
    writeFileSync(join(dir, 'sub', 'a'), '2');
    seen.push(mark());
    symlinkSync('sub/a', join(dir, 'b'));
    seen.push(mark());
    expect(new Set(seen).size).to.equal(4);
    expect(mark()).to.equal(seen[3]);
    expect(askLocally(folderMark(`${dir}/gone/`))).to.deep.equal(['absent']);
  });
});
