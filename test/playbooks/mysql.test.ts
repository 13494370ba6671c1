import { expect } from 'chai';
import { mysqlServer } from '../../playbooks/roles/mysql.js';
import { mysqlVars } from '../../playbooks/roles/mysqlVars.js';
import { OS_SAMPLES } from '../../src/facts/os.js';
import type { MysqlNode } from '../../src/facts/mysqlNode.js';
import type { Host } from '../../src/model/host.js';
import type { TaskList } from '../../src/model/playbook.js';
import type { Task } from '../../src/model/task.js';
import { prepareEnvironment } from '../../src/engine/environment.js';
import { packageRoot } from '../../src/util/packageRoot.js';

const vars = mysqlVars.parse({
  mysql_app_password: 'one-secret',
  mysql_replication_password: 'two-secrets',
  ca_certificate: '-----BEGIN CERTIFICATE-----\n',
  ca_key: 'a key',
});
const host = (name: string, address: string) => ({ name, address, groups: ['all', 'db'], vars });
const [first, second] = [host('db-01', '10.0.0.1'), host('db-02', '10.0.0.2')];

function tasksOf(self: Host<typeof vars>, ...databases: readonly Host<typeof vars>[]): readonly Task[] {
  const nodes = new Map(databases.map(({ name }): [string, MysqlNode] => [name, { state: 'absent' }]));
  const [os] = OS_SAMPLES;
  return flatten(mysqlServer({ host: self, vars, hosts: () => databases, facts: { os, databases: nodes } }));
}

function flatten(list: TaskList): readonly Task[] {
  return list.flatMap((item) => (isTask(item) ? [item] : flatten(item)));
}

function isTask(item: Task | TaskList): item is Task {
  return !Array.isArray(item);
}

/** The digest of a task: equal for equal options and rendered templates. */
async function digest(tasks: readonly Task[], kind: string): Promise<string | undefined> {
  const task = tasks.find((one) => one.kind === kind);
  return (await task?.prepare(prepareEnvironment(`${packageRoot()}/playbooks/site.ts`)))?.digest();
}

describe('playbooks/roles/mysql', () => {
  it('has a guard where there are several servers, and opens the primary only', () => {
    const ids = (tasks: readonly Task[]) => tasks.filter(({ skipped }) => !skipped).map(({ id }) => id);
    expect(ids(tasksOf(first, first, second))).to.include.members(['service provision-db-guard.service', 'mysqlWritable open']);
    expect(ids(tasksOf(second, first, second))).to.include('service provision-db-guard.service');
    expect(ids(tasksOf(second, first, second))).to.not.include('mysqlWritable open');
    const alone = ids(tasksOf(first, first));
    expect(alone.filter((id) => id.includes('guard'))).to.deep.equal([]);
    expect(alone).to.include('mysqlWritable open');
  });

  it('gives a server settings that do not depend on who is primary', async () => {
    const asPrimary = await digest(tasksOf(first, first, second), 'configFiles');
    const asReplica = await digest(tasksOf(first, second, first), 'configFiles');
    expect(asPrimary).to.be.a('string').and.to.equal(asReplica);
    expect(await digest(tasksOf(first, first), 'configFiles')).to.not.equal(asPrimary);
  });
});
