import { expect } from 'chai';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { cli, ended, project, startCli } from '../support/cli.js';

// Root's runs lock the machine; another account's need no rights at all.
const USER = userInfo().uid === 0 ? 'nobody' : userInfo().username;

const PLAYBOOK = `
import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { file } from 'provision/tasks/file';
import { command } from 'provision/tasks/command';
export default playbook({
  vars: z.strictObject({ folder: z.string(), text: z.string().default('hello'), wait: z.boolean().default(false), fail: z.boolean().default(false) }),
  groups: ['web'],
  plays: [{ name: 'greet', hosts: 'web', user: '${USER}', tasks: ({ host, vars }) => [
    file({ path: vars.folder + '/motd-' + host.name, content: vars.text + '\\n' }, { tags: ['motd'] }),
    command({ name: 'fails', run: 'echo broken >&2; exit 7', always: true }, { when: vars.fail, tags: ['rest'] }),
    command({ name: 'waits', run: 'sleep 300', always: true }, { when: vars.wait, tags: ['rest'] }),
  ] }],
});
`;

describe('cli: runs', function () {
  this.timeout(60_000);
  let cwd: string;
  const provision = (...args: readonly string[]) => cli([...args, '-e', `folder=${cwd}`], { cwd });

  beforeEach(() => {
    cwd = project({
      'inventory/local.yml':
        'all:\n  children:\n    web:\n      hosts:\n        web-01: { ansible_connection: local }\n        web-02: { ansible_connection: local }\n',
      'playbooks/site.ts': PLAYBOOK,
    });
    chmodSync(cwd, 0o777);
  });
  afterEach(() => {
    rmSync(cwd, { recursive: true });
  });

  it('tells in a dry run what an apply then does, and nothing the second time', async () => {
    const dry = await provision('--check', '--diff');
    expect(dry.stdout)
      .to.match(/^web-01 +would change +file .*motd-web-01 — create$/m)
      .and.to.include('+hello')
      .and.to.include('2 to change on 2 hosts (dry run');
    expect(dry.code).to.equal(0);
    expect(existsSync(join(cwd, 'motd-web-01'))).to.equal(false);

    const first = await provision();
    expect(first.stdout).to.match(/^web-01 : ok=1 +changed=1 +unreachable=0 +failed=0 +skipped=2$/m);
    expect([first.code, first.stderr]).to.deep.equal([0, '']);
    expect(readFileSync(join(cwd, 'motd-web-02'), 'utf8')).to.equal('hello\n');

    const second = await provision('--detailed-exitcode');
    expect(second.stdout)
      .to.include('nothing changed on 2 hosts')
      .and.to.match(/^web-02 : ok=1 +changed=0 /m);
    expect(second.code).to.equal(0);
  });

  it('ends with 2 where something changed, or would, and that was asked for', async () => {
    expect((await provision('-C', '--detailed-exitcode')).code).to.equal(2);
    expect((await provision('--detailed-exitcode')).code).to.equal(2);
  });

  it('ends with 1 where a host failed, with the command, its words and its place', async () => {
    const { code, stdout } = await provision('-e', 'fail=true', '-l', 'web-01');
    expect(code).to.equal(1);
    expect(stdout)
      .to.include('broken')
      .and.to.match(/at: playbooks\/site\.ts:11/);
    expect(stdout)
      .to.match(/^web-01 : .*failed=1/m)
      .and.not.include('web-02');
  });

  it('ends with 3 where a host is unreachable and none failed', async () => {
    const port = await closedPort();
    const hosts = project({
      'one.yml': `all:\n  children:\n    web:\n      hosts:\n        web-09: { ansible_host: 127.0.0.1, ansible_port: ${port}, ansible_user: nobody }\n`,
    });
    const { code, stdout } = await provision('-i', join(hosts, 'one.yml'));
    rmSync(hosts, { recursive: true });
    expect(stdout).to.match(/^web-09 : .*unreachable=1/m);
    expect(code).to.equal(3);
  });

  it('lists hosts, tasks and tags, and does nothing', async () => {
    const { code, stdout } = await provision('--list-hosts', '--list-tasks', '--list-tags', '-l', 'web-02');
    expect(code).to.equal(0);
    expect(stdout).to.equal(
      `playbook: playbooks/site.ts\n\n  PLAY greet\n    hosts (1):\n      web-02\n    tasks (3):\n      file ${cwd}/motd-web-02  [motd]\n      command fails  [rest]\n      command waits  [rest]\n    tags (2):\n      motd\n      rest\n`,
    );
    expect(existsSync(join(cwd, 'motd-web-02'))).to.equal(false);
  });

  it('runs the tags that are asked for only', async () => {
    const { stdout } = await provision('-t', 'rest');
    expect(stdout).to.include('nothing changed on 2 hosts');
    expect(existsSync(join(cwd, 'motd-web-01'))).to.equal(false);
  });

  it('writes events and nothing else with --output json', async () => {
    const { stdout } = await provision('--output', 'json');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; host?: string });
    expect(events[0]).to.deep.include({ type: 'run-start', format: 1, hosts: ['web-01', 'web-02'] });
    expect(events.at(-1)).to.deep.include({ type: 'run-end', interrupted: false });
    expect(events.filter(({ type }) => type === 'task')).to.have.length(6);
  });

  it('ends in order at the first Ctrl-C, with 130, and the job is no more', async () => {
    const child = startCli(['--output', 'json', '-l', 'web-01', '-e', `folder=${cwd} wait=true`], { cwd });
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const before = seen;
      seen += chunk.toString();
      const started = /"activity":"task","task":"(command )?waits"/;
      if (started.test(seen) && !started.test(before)) child.kill('SIGINT');
    });
    const { code, stdout } = await ended(child);
    expect(code).to.equal(130);
    expect(stdout).to.include('"text":"stopping:').and.to.include('"interrupted":true');
  });

  it('runs commands and asks facts', async () => {
    const one = await cli(['exec', 'web-01', '--no-become', '--', 'printf "%s|" a; echo b >&2; exit 3'], { cwd });
    expect(one).to.deep.equal({ code: 1, stdout: 'a|', stderr: 'b\nweb-01: the command ended with code 3\n' });
    const words = await cli(['exec', 'web-02', '--no-become', '--output', 'json', '--', 'printf', '%s|', 'a b', "it's"], { cwd });
    const results = words.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(results.map((result) => ({ ...result, seconds: 0 }))).to.deep.equal([
      { host: 'web-02', seconds: 0, code: 0, stdout: "a b|it's|", stderr: '' },
    ]);
  });

  it('loads to answer a wrong option nothing that a run needs', async () => {
    // What is misspelt needs the parser and the words about it, and no kept text.
    await cli(['--hlep'], { cwd, env: { NODE_V8_COVERAGE: join(cwd, 'coverage') } });
    const ran = readdirSync(join(cwd, 'coverage')).flatMap((file) =>
      functionsRun(readFileSync(join(cwd, 'coverage', file), 'utf8')),
    );
    // In the bundle, a function with the path of each module that is run when it is asked for.
    expect(ran).to.include('dist/src/cli/errors/explain.js');
    expect(ran.filter((name) => /node_modules\/(zod|ssh2|listr2|yaml|ejs)\//.test(name))).to.deep.equal([]);
  });

  it('keeps the help of each command as the program lays it out', async () => {
    for (const words of [[], ['run'], ['ping'], ['graph']]) {
      const kept = await cli([...words, '--help'], { cwd });
      const laidOut = await cli([...words, '--help', '--help'], { cwd });
      expect(laidOut.stdout).to.include('--help').and.equal(kept.stdout);
    }
  });

  it('prints help with examples first and exit codes last, and a completion script', async () => {
    const { stdout, code } = await cli(['--help'], { cwd });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Usage: provision .*\n\nExamples:\n  provision --inventory prod\.yml /);
    expect(stdout.trimEnd()).to.match(/130 {2}interrupted$/);
    const completion = await cli(['completion'], { cwd });
    expect(completion.stdout).to.include('_provision_yargs_completions').and.not.include('completion-script');
    const words = await cli(['--get-yargs-completions', 'provision', 'ping', '--a'], { cwd });
    expect(words.stdout.split('\n')).to.include('--ask-pass').and.not.include('--k');
  });
});

/** The names of the functions of own files that a process ran, as V8 tells them. */
function functionsRun(coverage: string): readonly string[] {
  const { result } = JSON.parse(coverage) as {
    result: readonly { url: string; functions: readonly { functionName: string; ranges: readonly { count: number }[] }[] }[];
  };
  return result
    .filter(({ url }) => url.startsWith('file:'))
    .flatMap(({ functions }) => functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0))
    .map(({ functionName }) => functionName);
}

/** A port of this machine that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 1;
}
