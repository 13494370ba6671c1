import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { cli, project, type Ended } from '../support/cli.js';

const INVENTORY = 'all:\n  children:\n    web:\n      hosts:\n        web-01: { ansible_connection: local }\n';
const PLAYBOOK = `
import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { file } from 'provision/tasks/file';
export default playbook({
  vars: z.strictObject({ greeting: z.string().default('hello') }),
  groups: ['web'],
  plays: [{ name: 'greet', hosts: 'web', tasks: ({ vars }) => [
    file({ path: '/nowhere/motd', content: vars.greeting }, { tags: ['greet'], name: 'greet people' }),
  ] }],
});
`;

describe('cli: bad input ends with 4, contacts nobody, and says what to do', function () {
  this.timeout(60_000);
  let cwd: string;
  before(() => {
    cwd = project({
      'inventory/prod.yml': INVENTORY,
      'inventory/stage.yml': INVENTORY,
      'broken.yml': 'all:\n  hosts:\n    web-01: {\n  children: [\n',
      'typo.yml': INVENTORY.replace(
        'web-01: { ansible_connection: local }',
        'web-01: { ansible_connection: local, gretting: hi }',
      ),
      'other.yml': INVENTORY.replace('web:', 'wbe:'),
      'playbooks/site.ts': PLAYBOOK,
      'playbooks/wrong.ts': PLAYBOOK.replace('content: vars', 'contnet: vars'),
      'playbooks/none.ts': 'export const x = 1;\n',
    });
  });
  after(() => {
    rmSync(cwd, { recursive: true });
  });

  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['a misspelt option', ['--inventroy', 'prod.yml'], ['unknown option --inventroy', '"--inventory"']],
    ['a misspelt command', ['pnig'], ['no such command or playbook file: pnig', '"ping"', 'playbooks/site.ts']],
    ['an unknown playbook', ['-i', 'prod.yml', 'sitte'], ['no such command or playbook file: sitte']],
    ['a number that is none', ['-i', 'prod.yml', '--forks', 'abc'], ['--forks takes a whole number', '"abc"']],
    ['an option without its value', ['--forks'], ['--forks needs a value']],
    ['an option given twice', ['-i', 'prod.yml', '-i', 'stage.yml'], ['--inventory was given 2 times']],
    ['a switch with a value', ['-i', 'prod.yml', '--check=maybe'], ['--check is a switch']],
    ['an unknown output', ['-i', 'prod.yml', '--output', 'jsn'], ['"jsn"', '"json"']],
    ['no inventory where there are two', [], ['no inventory was named', 'prod.yml', 'stage.yml']],
    ['an inventory that is not there', ['-i', 'prd.yml'], ['no inventory "prd.yml"', 'prod.yml']],
    ['YAML that does not parse', ['-i', 'broken.yml'], ['broken.yml:', '|', '^']],
    ['a variable that the playbook has not', ['-i', 'typo.yml'], ['typo.yml:5:', '"greeting"', '5 |         web-01', '^']],
    ['a group that the inventory has not', ['-i', 'other.yml'], ['"web"', '"wbe"']],
    ['a wrong --limit', ['-i', 'prod.yml', '-l', 'wbe'], ['"wbe"', '"web"']],
    ['a wrong tag', ['-i', 'prod.yml', '-t', 'greeet'], ['"greeet"', 'greet']],
    ['a wrong task to start at', ['-i', 'prod.yml', '--start-at-task', 'greet peple'], ['"greet peple"', '"greet people"']],
    ['a wrong extra variable', ['-i', 'prod.yml', '-e', 'greeting=3'], ['"greeting"', '--extra-vars']],
    ['a wrong option of a task', ['-i', 'prod.yml', 'wrong'], ['"contnet"', '"content"', 'playbooks/wrong.ts:9', '9 |', '^']],
    ['a module that is no playbook', ['-i', 'prod.yml', 'none'], ['does not default-export a playbook']],
    ['--step without a terminal', ['-i', 'prod.yml', '--step'], ['--step', 'terminal']],
    ['exec without a command', ['exec', 'web', '-i', 'prod.yml'], ['exec needs a command', '-- uptime']],
    ['exec without its dashes', ['exec', 'web', 'uptime', '-i', 'prod.yml'], ['"uptime" is one word too many', '"--"']],
    ['facts without a host', ['facts'], ['facts needs a host']],
    ['an option of another command', ['ping', '--diff'], ['--diff of "provision ping"', '"provision run" has it']],
  ];
  for (const [name, args, parts] of cases) {
    it(name, async () => {
      expectBadInput(await cli(args, { cwd }), parts);
    });
  }

  it('takes an inventory from the environment, or the only one there is', async () => {
    expect((await cli(['--list-hosts'], { cwd, env: { PROVISION_INVENTORY: 'prod.yml' } })).stdout).to.include('web-01');
    rmSync(`${cwd}/inventory/stage.yml`);
    expect((await cli(['--list-hosts'], { cwd })).stdout).to.include('web-01');
  });
});

function expectBadInput({ code, stdout, stderr }: Ended, parts: readonly string[]): void {
  expect(stderr).to.match(/^error: /);
  for (const part of parts) expect(stderr).to.include(part);
  expect(stderr).not.to.match(/^\s+at .*\.js:\d+/m);
  expect(stdout).to.equal('');
  expect(code).to.equal(4);
}
