import { expect } from 'chai';
import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { cli, project } from '../support/cli.js';

// Root's runs lock the machine; another account's need no rights at all.
const USER = userInfo().uid === 0 ? 'nobody' : userInfo().username;

const PLAYBOOK = `
import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { file } from 'provision/tasks/file';
export default playbook({
  vars: z.strictObject({ folder: z.string() }),
  groups: ['web'],
  plays: [{ name: 'greet', hosts: 'web', user: '${USER}', tasks: ({ vars }) => [
    file({ path: vars.folder + '/motd', content: 'welcome <b>all</b>\\n' }),
  ] }],
});
`;

describe('cli: --html', function () {
  this.timeout(60_000);
  let cwd: string;
  const provision = (...args: readonly string[]) => cli(args, { cwd });
  const inventory = ['-e', 'folder=.'];
  const pageText = () => readFileSync(join(cwd, 'page.html'), 'utf8');

  beforeEach(() => {
    cwd = project({
      'inventory/local.yml': 'all: { children: { web: { hosts: { web-01: { ansible_connection: local } } } } }\n',
      'playbooks/site.ts': PLAYBOOK,
    });
    chmodSync(cwd, 0o777);
    inventory[1] = `folder=${cwd}`;
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true });
  });

  it('writes a page beside what is printed: of a dry run, of a saved plan, of an apply', async () => {
    const dry = await provision('--check', '--html', 'page.html', ...inventory);
    expect([dry.code, dry.stderr]).to.deep.equal([0, '']);
    expect(dry.stdout).to.include('1 to change on 1 host');
    expect(pageText()).to.include('<h1>1 to change on 1 host</h1>').and.to.include('+welcome &lt;b&gt;all&lt;/b&gt;');

    await provision('plan', '--out', 'the.plan', ...inventory);
    rmSync(join(cwd, 'page.html'));
    const shown = await provision('show', 'the.plan', '--html', 'page.html');
    expect([shown.code, shown.stderr]).to.deep.equal([0, '']);
    expect(pageText()).to.include('<h1>1 to change on 1 host</h1>');

    const applied = await provision('--html', 'page.html', ...inventory);
    expect(applied.code).to.equal(0);
    expect(pageText()).to.include('<h1>1 changed on 1 host</h1>');
  });

  it('tells all playbooks of a command on one page', async () => {
    await provision('site', 'site', '--check', '--html', 'page.html', ...inventory);
    expect(pageText().match(/<h1>1 to change on 1 host<\/h1>/g)).to.have.length(2);
  });

  it('is refused before any host is contacted where the page cannot be written', async () => {
    const { code, stderr } = await provision('--html', 'missing/page.html', ...inventory);
    expect([code, stderr.split('\n')[0]]).to.deep.equal([4, 'error: --html: there is no folder missing']);
    expect(existsSync(join(cwd, 'motd'))).to.equal(false);
  });
});
