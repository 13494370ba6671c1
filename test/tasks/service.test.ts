import { expect } from 'chai';
import { ABSENT, type FileState } from '../../src/facts/file.js';
import type { UnitState } from '../../src/facts/units.js';
import type { Change } from '../../src/model/change.js';
import { NotYetKnown } from '../../src/model/change.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { service } from '../../src/tasks/service.js';
import { planAfter, planOn } from '../support/plan.js';
import { runLocally } from '../support/shell.js';

const running: UnitState = {
  systemd: true,
  load: 'loaded',
  active: 'active',
  enabled: 'enabled',
  type: 'forking',
  remains: false,
  canReload: true,
  needsDaemonReload: false,
};
const stopped: UnitState = { ...running, active: 'inactive', enabled: 'disabled' };
const notFound: UnitState = { ...stopped, load: 'not-found', enabled: '', type: '', canReload: false };
const conf: FileState = { type: 'file', mode: '0644', owner: 'root', group: 'root', size: 1, sha256: 'aa' };

const up = service({ name: 'nginx', state: 'running', enabled: true });
const watching = service({ name: 'nginx', state: 'running', reloadWhen: ['/etc/n.conf'], restartWhen: ['/etc/unit'] });
const watched = (loaded: object, unit = running) => ({ unit, 'file(/etc/n.conf)': conf, 'file(/etc/unit)': ABSENT, loaded });

describe('tasks/service', () => {
  it('plans nothing where all is as it should be', async () => {
    expect(await planOn(up, { unit: running })).to.deep.equal([]);
    expect(await planOn(watching, watched({ '/etc/n.conf': 'file:aa', '/etc/unit': 'absent' }))).to.deep.equal([]);
    expect(await planOn(service({ name: 'x', enabled: true }), { unit: { ...running, enabled: 'static' } })).to.deep.equal([]);
  });

  it('enables and starts, and predicts both', async () => {
    for (const unit of [stopped, notFound, { ...stopped, active: 'failed' }]) {
      const [change] = await planOn(up, { unit });
      expect(change?.summary).to.equal('enable, start');
      expect(change?.touches).to.deep.equal(['unit:nginx.service', 'loaded:nginx.service', 'folders:any']);
      expect(await planAfter(up, { unit })).to.deep.equal([]);
    }
  });

  it('reloads what changed since it was loaded, and restarts for what only a restart loads', async () => {
    const cases: [object, string][] = [
      [{ '/etc/n.conf': 'file:old', '/etc/unit': 'absent' }, 'reload to load n.conf'],
      [{ '/etc/unit': 'absent' }, 'reload to load n.conf'],
      [{ '/etc/n.conf': 'file:aa', '/etc/unit': 'file:bb' }, 'restart to load unit'],
      [{}, 'restart to load unit, n.conf'],
    ];
    for (const [loaded, summary] of cases) {
      expect((await planOn(watching, watched(loaded))).map((change: Change) => change.summary)).to.deep.equal([summary]);
      expect(await planAfter(watching, watched(loaded))).to.deep.equal([]);
    }
  });

  it('restarts for everything where the unit cannot reload or the task says so', async () => {
    const loaded = { '/etc/n.conf': 'file:old', '/etc/unit': 'absent' };
    const [one] = await planOn(watching, watched(loaded, { ...running, canReload: false }));
    expect(one?.summary).to.equal('restart to load n.conf');
    const task = service({ name: 'nginx', reloadWhen: ['/etc/n.conf'], reload: false });
    expect((await planOn(task, watched(loaded)))[0]?.summary).to.equal('restart to load n.conf');
  });

  it('only starts what does not run, and loads nothing into what may stay stopped', async () => {
    expect((await planOn(watching, watched({}, stopped)))[0]?.summary).to.equal('start');
    expect(await planOn(service({ name: 'nginx', reloadWhen: ['/etc/n.conf'] }), watched({}, stopped))).to.deep.equal([]);
  });

  it('watches folders, and wants a slash at the end of their names', async () => {
    const task = service({ name: 'nginx', reloadWhen: ['/etc/nginx//'] });
    const values = { unit: running, 'folderMark(/etc/nginx/)': 'folder:new', loaded: { '/etc/nginx/': 'folder:old' } };
    expect((await planOn(task, values))[0]?.summary).to.equal('reload to load nginx/');
    const error: unknown = await planOn(watching, { ...watched({}), 'file(/etc/unit)': { ...ABSENT, type: 'directory' } }).catch(
      (e: unknown) => e,
    );
    expect(error).to.be.instanceOf(PlanError).with.property('hint', "end its path with a slash: '/etc/unit/'");
  });

  it('leaves open whether a running process has loaded what is known in part only', async () => {
    const task = service({ name: 'nginx', state: 'running', reloadWhen: ['/etc/nginx/'] });
    const values = { unit: running, folderMark: 'from:package nginx', loaded: { '/etc/nginx/': 'folder:old' } };
    const error: unknown = await planOn(task, values).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(NotYetKnown).with.property('because', 'package nginx');
    expect((error as NotYetKnown).changes[0]?.summary).to.equal('reload to load nginx/');
    expect((await planOn(task, { ...values, unit: stopped }))[0]?.summary).to.equal('start');
  });

  it('leaves open whether a unit is enabled where the package decides by its version, unless a mask hides it', async () => {
    const unit: UnitState = { ...stopped, enabled: '', arrives: true, enabledFrom: 'package db' };
    const plan = (options: Parameters<typeof service>[0]) =>
      planOn(service(options), { unit }).catch((caught: unknown) => caught);
    for (const options of [{ enabled: true }, { enabled: false }, { state: 'running' as const }]) {
      expect(await plan({ name: 'x', ...options }))
        .to.be.instanceOf(NotYetKnown)
        .with.property('because', 'package db');
    }
    expect(await plan({ name: 'x', state: 'stopped' })).to.deep.equal([]);
    const known = { unit: { ...stopped, enabled: 'enabled' } };
    const [mask] = await planOn(service({ name: 'x', masked: true }), { unit });
    expect(mask?.diff).to.deep.equal({ before: 'inactive\nnot masked\n', after: 'inactive\nmasked\n' });
    expect(mask?.diff).to.deep.equal((await planOn(service({ name: 'x', masked: true }), known))[0]?.diff);
    expect(await planAfter(service({ name: 'x', masked: true }), { unit })).to.deep.equal([]);
  });

  it('stops, disables, masks and takes masks off', async () => {
    const masked: UnitState = { ...stopped, load: 'masked', enabled: 'masked' };
    const cases: [Parameters<typeof service>[0], UnitState, string][] = [
      [{ name: 'x', state: 'stopped', enabled: false }, running, 'disable, stop'],
      [{ name: 'x', masked: true }, running, 'stop, mask'],
      [{ name: 'x', masked: true }, stopped, 'mask'],
      [{ name: 'x', masked: false }, masked, 'unmask'],
      [{ name: 'x', masked: false, state: 'running', enabled: true }, masked, 'unmask, enable, start'],
      [{ name: 'x', masked: false, enabled: false }, masked, 'unmask, disable'],
      [{ name: 'x', state: 'stopped' }, { ...running, active: 'activating' }, 'stop'],
      [{ name: 'x', enabled: true }, { ...running, needsDaemonReload: true }, 'daemon-reload'],
    ];
    for (const [options, unit, summary] of cases) {
      expect((await planOn(service(options), { unit }))[0]?.summary).to.equal(summary);
      expect(await planAfter(service(options), { unit })).to.deep.equal([]);
    }
    expect(await planOn(service({ name: 'x', masked: true }), { unit: masked })).to.deep.equal([]);
  });

  it('says what cannot be', async () => {
    const fault = (unit: UnitState) => planOn(up, { unit }).catch((e: unknown) => e);
    expect(await fault({ ...stopped, load: 'masked' }))
      .to.be.instanceOf(PlanError)
      .with.property('message')
      .that.contains('is masked');
    expect(await fault({ ...stopped, type: 'oneshot' }))
      .to.be.instanceOf(PlanError)
      .with.property('message')
      .that.contains('oneshot');
    expect(await fault({ ...stopped, systemd: false }))
      .to.be.instanceOf(PlanError)
      .with.property('message')
      .that.contains('systemd');
    expect(() => service({ name: 'nginx' })).to.throw(InputError, 'at least one of state, enabled');
    expect(() => service({ name: 'nginx', masked: true, state: 'running' })).to.throw(InputError, 'cannot be running or enabled');
    expect(() => service({ name: 'nginx', state: 'restarted' } as never)).to.throw(InputError, 'state');
  });

  it('writes scripts that a POSIX shell takes', async () => {
    const changes = [
      ...(await planOn(watching, watched({}))),
      ...(await planOn(service({ name: 'x', masked: true }), { unit: running })),
    ];
    for (const step of changes.flatMap((change) => change.steps)) {
      expect(step.kind === 'shell' && runLocally(`set -n\n${String(step.script)}`)).to.deep.include({ code: 0, stderr: '' });
    }
  });
});
