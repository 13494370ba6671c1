import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyPlan } from '../../../src/engine/savedPlan/apply.js';
import { readPlan, writePlan } from '../../../src/engine/savedPlan/file.js';
import { recordPlan } from '../../../src/engine/savedPlan/record.js';
import { PlanRefusedError } from '../../../src/model/errors.js';
import type { AnyPlaybook } from '../../../src/model/playbook.js';
import { compareParity, isTrue } from '../../../src/report/parity.js';
import { command } from '../../../src/tasks/command.js';
import { directory } from '../../../src/tasks/directory.js';
import { file } from '../../../src/tasks/file.js';
import { Secret } from '../../../src/util/secret.js';
import { rejection } from '../../support/rejection.js';
import { here, onePlay } from '../support.js';

const HOSTS = ['one', 'two'];

describe('engine/savedPlan, on this machine', () => {
  let dir: string;
  let planFile: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'plan-'));
    planFile = join(dir, 'saved.plan');
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
  });

  const book = (content = '1\n') =>
    onePlay((host) => [
      directory({ path: `${dir}/${host}` }),
      file({ path: `${dir}/${host}/file`, content }),
      file({ path: `${dir}/${host}/secret`, content: new Secret('do not tell anyone'), mode: '0600' }),
    ]);

  async function save(made: AnyPlaybook) {
    const { hosts, events } = await here(made, { names: HOSTS }, recordPlan);
    writePlan(planFile, {
      tool: 'provision 0',
      created: '2026-01-01T00:00:00Z',
      inventory: { file: 'test', digest: '' },
      playbook: { file: 'test' },
      selection: { hosts: HOSTS, tags: [], skipTags: [] },
      hosts,
      events,
    });
    return readPlan(planFile);
  }
  const apply = (made: AnyPlaybook, plan = readPlan(planFile)) =>
    here(made, { names: HOSTS }, async (options, { events }) => ({ ...(await applyPlan(options, plan)), events }));

  it('does what was saved, and the report finds that the plan told the truth', async () => {
    const plan = await save(book());
    expect(existsSync(`${dir}/one`)).to.equal(false);
    const { refused, totals, events } = await apply(book());
    expect(refused).to.deep.equal([]);
    expect(totals['two']).to.deep.include({ changed: 3, failed: 0 });
    const parity = compareParity(plan.events, events);
    expect(parity).to.deep.include({ tasks: 6, exact: 6 });
    expect(isTrue(parity)).to.equal(true);
  });

  it('keeps no secret, and is for its owner only', async () => {
    await save(book());
    expect(readFileSync(planFile, 'utf8')).to.not.contain('do not tell');
    expect((statSync(planFile).mode & 0o777).toString(8)).to.equal('600');
    await apply(book());
    expect(readFileSync(`${dir}/one/secret`, 'utf8')).to.equal('do not tell anyone');
  });

  it('refuses a host that was changed since, before anything is written there, and serves the others', async () => {
    await apply(book(), await save(book()));
    await save(book('2\n'));
    writeFileSync(`${dir}/one/file`, 'by hand\n');
    const { refused, events, totals } = await apply(book('2\n'));
    expect(refused).to.deep.equal(['one']);
    expect(totals['one']).to.deep.include({ changed: 0, failed: 1 });
    expect(readFileSync(`${dir}/one/file`, 'utf8')).to.equal('by hand\n');
    expect(readFileSync(`${dir}/two/file`, 'utf8')).to.equal('2\n');
    const fault = events.find((event) => event.type === 'task' && event.host === 'one');
    expect(fault).to.have.nested.property('fault.message').that.contains(`file(${dir}/one/file`);
  });

  it('refuses all when the code asks for something else than was planned', async () => {
    await save(book());
    const error = await rejection(apply(book('other\n')));
    expect(error).to.be.instanceOf(PlanRefusedError);
    expect(error.message).to.match(/have changed since the plan was made[^]*one: file /);
    expect(existsSync(`${dir}/one`)).to.equal(false);
  });

  it('stops a host where an earlier change had another effect than was foretold', async () => {
    const target = `${dir}/target`;
    writeFileSync(target, 'right\n');
    const first = onePlay(() => [
      // It says that it touches nothing, and does.
      command({ name: 'sly', run: `echo sly >${target}`, always: true, touches: [] }),
    ]);
    const second = onePlay(() => [file({ path: target, content: 'right\n' })]);
    const made = { ...first, plays: [...first.plays, ...second.plays] };
    const one = { names: ['one'] };
    const { hosts, events } = await here(made, one, recordPlan);
    expect(hosts['one']?.tasks.map(({ status }) => status)).to.deep.equal(['changed', 'ok']);
    const plan = { ...(await save(book())), hosts, events };
    const applied = await here(made, one, async (options, seen) => ({ ...(await applyPlan(options, plan)), ...seen }));
    expect(readFileSync(target, 'utf8')).to.equal('sly\n');
    expect(applied.totals['one']).to.deep.include({ changed: 1, failed: 1 });
    expect(applied.events.find((event) => event.type === 'task' && event.status === 'failed'))
      .to.have.nested.property('fault.message')
      .that.matches(/^not in the plan: file .*: planned no change, now "content"/);
  });

  it('refuses a plan that was edited, one of another format, and what is none', async () => {
    await save(book());
    const text = readFileSync(planFile, 'utf8');
    const refusal = (content: string) => {
      writeFileSync(planFile, content);
      return () => readPlan(planFile);
    };
    expect(refusal(text.replaceAll('create', 'crash'))).to.throw(PlanRefusedError, /changed after it was written/);
    expect(refusal(text.replace('"format": 1', '"format": 2'))).to.throw(PlanRefusedError, /format 2/);
    expect(refusal('{}')).to.throw(/no plan/);
    expect(refusal('not even JSON')).to.throw(/no plan/);
  });
});
