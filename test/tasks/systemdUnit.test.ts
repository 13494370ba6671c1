import { expect } from 'chai';
import { ABSENT, type FileState } from '../../src/facts/file.js';
import type { UnitState } from '../../src/facts/units.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { service } from '../../src/tasks/service.js';
import { systemdUnit } from '../../src/tasks/systemdUnit.js';
import { Secret } from '../../src/util/secret.js';
import { sha256 } from '../../src/util/hash.js';
import { planAfter, planOn } from '../support/plan.js';

const notFound: UnitState = {
  systemd: true,
  load: 'not-found',
  active: 'inactive',
  enabled: '',
  type: '',
  remains: false,
  canReload: false,
  needsDaemonReload: false,
};
const text =
  '[Service]\nType=notify\nExecStart=/opt/app\nExecReload=/bin/kill -HUP $MAINPID\n[Install]\nWantedBy=multi-user.target\n';
const written: FileState = { type: 'file', mode: '0644', owner: 'root', group: 'root', size: text.length, sha256: sha256(text) };

describe('tasks/systemdUnit', () => {
  it('verifies, then writes, and predicts the unit', async () => {
    const task = systemdUnit({ name: 'app', content: text });
    const values = { file: ABSENT, unit: notFound };
    const [change] = await planOn(task, values);
    expect(change?.summary).to.equal('create');
    expect(change?.steps.map((step) => step.kind)).to.deep.equal(['shell', 'put']);
    expect(change?.touches).to.deep.equal(['path:/etc/systemd/system/app.service', 'unit:app.service']);
    const unit = change?.predicts?.find(({ key }) => key === 'unit(app.service)')?.value as UnitState;
    expect(unit).to.deep.include({ load: 'loaded', enabled: 'disabled', type: 'notify', canReload: true });
    expect(await planAfter(task, values)).to.deep.equal([]);
    // A service on top of it can be planned on that.
    expect((await planOn(service({ name: 'app', state: 'running', enabled: true }), { unit }))[0]?.summary).to.equal(
      'enable, start',
    );
  });

  it('has systemd read last what it knows already in another form', async () => {
    const there = { ...notFound, load: 'loaded' };
    for (const options of [{ content: text }, { content: '[Service]\nNice=5\n', dropIn: 'nice.conf' }]) {
      const file = 'dropIn' in options ? ABSENT : { ...written, sha256: sha256('old') };
      const [change] = await planOn(systemdUnit({ name: 'app', ...options }), { file, unit: there });
      expect(change?.steps.map((step) => step.kind)).to.deep.equal(['shell', 'put', 'shell']);
    }
  });

  it('has systemd read what was written but not read', async () => {
    const [change, ...more] = await planOn(systemdUnit({ name: 'app', content: text }), {
      file: written,
      unit: { ...notFound, load: 'loaded', enabled: 'enabled', needsDaemonReload: true },
    });
    expect(more).to.deep.equal([]);
    expect(change?.summary).to.equal('daemon-reload');
  });

  it('writes drop-ins into the folder of their unit, whose enablement they do not decide', async () => {
    const task = systemdUnit({ name: 'nginx', dropIn: 'limits.conf', content: '[Service]\nLimitNOFILE=65536\n' });
    const nginx: UnitState = {
      ...notFound,
      load: 'loaded',
      active: 'active',
      enabled: 'enabled',
      type: 'forking',
      canReload: true,
    };
    const [change] = await planOn(task, { file: ABSENT, unit: nginx });
    expect(change?.steps.map((step) => (step.kind === 'put' ? step.path : step.kind))).to.deep.equal([
      'shell',
      '/etc/systemd/system/nginx.service.d/limits.conf',
      'shell',
    ]);
    expect(change?.predicts?.find(({ key }) => key === 'unit(nginx.service)')?.value).to.deep.equal(nginx);
    expect(task.id).to.equal('systemdUnit nginx.service.d/limits.conf');
  });

  it('asks systemd nothing about a template, which is no unit yet', async () => {
    const task = systemdUnit({ name: 'app@', content: text });
    expect(await planAfter(task, { file: ABSENT })).to.deep.equal([]);
    const [change] = await planOn(task, { file: ABSENT });
    const [step] = change?.steps ?? [];
    expect(step?.kind === 'shell' && step.script).to.contain('app@verify.service');
  });

  it('keeps a secret out of everything that is shown', async () => {
    const content = new Secret('[Service]\nEnvironment=TOKEN=hunter22\n', '[Service]\nEnvironment=TOKEN=•••\n');
    const [change] = await planOn(systemdUnit({ name: 'app', content }), { file: ABSENT, unit: notFound });
    expect(JSON.stringify({ ...change, predicts: [] })).to.not.contain('hunter22');
    expect(change?.diff?.after).to.contain('•••');
  });

  it('removes: a unit is stopped and disabled first, a drop-in is not', async () => {
    const loaded: UnitState = { ...notFound, load: 'loaded', active: 'active' };
    const script = async (task: ReturnType<typeof systemdUnit>) => {
      const [step] = (await planOn(task, { file: { ...written, content: text }, unit: loaded }))[0]?.steps ?? [];
      return step?.kind === 'shell' ? String(step.script) : '';
    };
    expect(await script(systemdUnit({ name: 'app', state: 'absent' }))).to.contain('disable -q --now -- app.service');
    expect(await script(systemdUnit({ name: 'app', dropIn: 'a.conf', state: 'absent' }))).to.not.contain('disable');
    expect(await planAfter(systemdUnit({ name: 'app', state: 'absent' }), { file: written, unit: loaded })).to.deep.equal([]);
  });

  it('says what cannot be', async () => {
    const error: unknown = await planOn(systemdUnit({ name: 'app', content: text }), {
      file: ABSENT,
      unit: { ...notFound, systemd: false },
    }).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(PlanError);
    expect(() => systemdUnit({ name: 'app' })).to.throw(InputError, 'exactly one of content and src');
    expect(() => systemdUnit({ name: 'app', content: '', dropIn: 'limits' })).to.throw(InputError, 'ends with .conf');
  });
});
