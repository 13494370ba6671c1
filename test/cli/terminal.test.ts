import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { packageRoot } from '../../src/util/packageRoot.js';
import { quote } from '../../src/util/shell.js';
import { ended, MAIN, project, quietEnvironment, type Ended } from '../support/cli.js';

// Its guard takes a moment, so that the run lasts longer than the first picture takes.
const PLAYBOOK = `
import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { command } from 'provision/tasks/command';
export default playbook({
  vars: z.object({}),
  groups: [],
  plays: [{ name: 'hello', hosts: 'all', user: '${userInfo().username}', tasks: () => [command({ run: 'true', onlyIf: 'sleep 0.5', always: true })] }],
});
`;

describe('cli: on a terminal', function () {
  this.timeout(60_000);
  let cwd: string;
  before(function () {
    cwd = project({
      'inventory/hosts.yml': 'all:\n  hosts:\n    here: { ansible_connection: local }\n',
      'vaulted/hosts.yml': 'all:\n  hosts:\n    here: { ansible_connection: local }\n',
      'playbooks/hello.ts': PLAYBOOK,
    });
    const vaulted = join(cwd, 'vaulted/group_vars');
    spawnSync('mkdir', ['-p', vaulted]);
    copyFileSync(join(packageRoot(), 'test/fixtures/vault/whole.yml'), join(vaulted, 'all.yml'));
  });
  after(() => {
    rmSync(cwd, { recursive: true });
  });

  it('asks for a password and does not show it', async () => {
    const { code, stdout } = await answer(
      ['exec', 'here', '-i', 'vaulted/hosts.yml', '--no-become', '--ask-vault-pass', '--', 'echo $((6 * 7))'],
      'Vault password: ',
      'fixture-password\r',
    );
    expect(stdout).to.include('Vault password: ').and.to.include('42').and.not.include('fixture');
    expect(code).to.equal(0);
  });

  it('leaves at Ctrl-C in a question with 130', async () => {
    const { code, stdout } = await answer(
      ['exec', 'here', '-i', 'vaulted/hosts.yml', '--ask-vault-pass', '--', 'true'],
      'Vault password: ',
      'half\u0003',
    );
    expect(stdout).to.include('interrupted').and.not.include('half');
    expect(code).to.equal(130);
  });

  it('draws the tree there, in colours, and gives the cursor back', async () => {
    const { code, stdout } = await answer(['hello', '-C'], '\u0000', '');
    expect(stdout)
      .to.include('\u001b[?25l')
      .and.to.match(/\u001b\[\?25h(?![^]*\u001b\[\?25l)/);
    expect(stripVTControlCharacters(stdout)).to.match(/✔ PLAY hello {2}1 host: 0 ok, 1 to change/);
    expect(stdout).to.include('\u001b[33mchanged=1');
    expect(code).to.equal(0);
  });

  /** Runs the program on a terminal, which script(1) of bsdutils gives it, and types when it has asked. */
  async function answer(args: readonly string[], question: string, typed: string): Promise<Ended> {
    const line = [process.execPath, MAIN, ...args].map(quote).join(' ');
    const child = spawn('script', ['-qec', line, '/dev/null'], { cwd, env: quietEnvironment() });
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (seen.includes(question)) return;
      seen += chunk.toString();
      if (seen.includes(question)) child.stdin.write(typed);
    });
    return ended(child);
  }
});
