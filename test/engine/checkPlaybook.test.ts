import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlaybook } from '../../src/cli/playbook/load.js';
import { preflight } from '../../src/engine/preflight.js';
import { loadInventory } from '../../src/inventory/load.js';
import { validateHosts } from '../../src/inventory/validate.js';
import { faultsOf, faultText } from '../inventory/helpers.js';
import { project } from '../support/cli.js';

const PLAYBOOK = `import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { on } from 'provision/task';
import { file } from 'provision/tasks/file';
import { role } from './role.js';
export default playbook({
  vars: z.object({ leader: z.string().optional() }),
  groups: ['web', 'db'],
  tags: ['greet', 'late'],
  check: (hosts) =>
    hosts.flatMap(({ name: host, vars: { leader: value } }) =>
      value === 'web-01' || value === undefined ? [] : [{ message: 'no such leader', host, variable: 'leader', value, known: ['web-01'] }],
    ),
  plays: [
    { name: 'first', hosts: 'all', tags: ['greet'], tasks: () => [] },
    {
      name: 'second',
      hosts: ['web'],
      tags: ['greet', 'always'],
      tasks: ({ hosts }) => [
        file({ path: '/nowhere/a', content: 'a' }, {
          tags: ['late'] }),
        on('web-01', file({ path: '/nowhere/b', content: String(hosts('db').length) })),
        role(),
      ],
    },
  ],
});
`;
const ROLE = `import { file } from 'provision/tasks/file';
export function role() {
  return [file({ path: '/nowhere/c', content: 'c' })];
}
`;
const HOSTS = 'all:\n  children:\n    web:\n      hosts:\n        web-01:\n    db:\n      hosts:\n        web-01:\n';

describe('engine/checkPlaybook', () => {
  let folder: string;
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const faults = async (
    from: string,
    to: string,
    files: Partial<Record<'role' | 'hosts', string>> = {},
  ): Promise<readonly string[]> => {
    if (from !== '') expect(PLAYBOOK).to.include(from);
    folder = project({ 'play.ts': PLAYBOOK.replace(from, to), 'role.ts': files.role ?? ROLE, 'hosts.yml': files.hosts ?? HOSTS });
    const playbookFile = join(folder, 'play.ts');
    const playbook = await loadPlaybook(playbookFile);
    const inventory = await loadInventory(join(folder, 'hosts.yml'));
    const hosts = validateHosts(inventory, playbook.vars);
    const options = { playbook, playbookFile, inventory, hosts, selected: hosts.map(({ name }) => name), tags: [], skipTags: [] };
    const found = await faultsOf(async () => {
      await preflight(options);
      throw new FineError();
    }).catch((error: unknown) => {
      if (error instanceof FineError) return [];
      throw error;
    });
    return found.map((fault) => faultText(fault, folder));
  };

  it('finds nothing in a playbook that is well', async () => {
    expect(await faults('', '')).to.deep.equal([]);
  });

  it('refuses a play for a group that the playbook does not declare, where it stands', async () => {
    expect(await faults("hosts: ['web']", "hosts: ['wbe']")).to.deep.equal([
      'play.ts:18:15 the play "second" is for the group "wbe", which the playbook does not declare — did you mean "web"?',
    ]);
  });

  it('refuses a tag of a play that the playbook does not declare, where it stands', async () => {
    expect(await faults("['greet', 'always']", "['gret', 'always']")).to.deep.equal([
      'play.ts:19:14 the play "second" has the tag "gret", which the playbook does not declare — did you mean "greet"?',
    ]);
  });

  it('refuses a tag of a task, where it stands', async () => {
    expect(await faults("tags: ['late']", "tags: ['lat']")).to.deep.equal([
      'play.ts:22:18 file /nowhere/a has the tag "lat", which the playbook does not declare — did you mean "late"?',
    ]);
  });

  it('takes any tag where none is declared', async () => {
    expect(await faults("  tags: ['greet', 'late'],\n", '')).to.deep.equal([]);
  });

  it('refuses hosts and groups that are not there, where they are asked for', async () => {
    expect(await faults("on('web-01'", "on('web-0l'")).to.deep.equal([
      'play.ts:23:12 file /nowhere/b on web-0l: no host "web-0l" is in the inventory — did you mean "web-01"?',
    ]);
    rmSync(folder, { recursive: true });
    expect(await faults("hosts('db')", "hosts('bd')")).to.deep.equal([
      'play.ts:23:71 no group "bd" is in the inventory — did you mean "db"?',
    ]);
  });

  it('shows where a role throws', async () => {
    const role = ROLE.replace('return', "if (role.length === 0) throw new Error('out of order');\n  return");
    expect(await faults('', '', { role })).to.deep.equal(['role.ts:3 play "second" for web-01: out of order']);
  });

  it('shows where the variable stands that the playbook’s own check refuses, with the near value', async () => {
    expect(await faults('', '', { hosts: HOSTS.replace('web-01:\n', 'web-01: { leader: web-0l }\n') })).to.deep.equal([
      'hosts.yml:5:19 no such leader — did you mean "web-01"?',
    ]);
  });
});

class FineError extends Error {}
