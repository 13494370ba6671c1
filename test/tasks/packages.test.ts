import { expect } from 'chai';
import type { AptLists } from '../../src/facts/aptLists.js';
import type { PackageState } from '../../src/facts/packages.js';
import { InputError, PlanError } from '../../src/model/errors.js';
import { packages } from '../../src/tasks/packages.js';
import { planAfter, planOn } from '../support/plan.js';
import { runLocally } from '../support/shell.js';

const fresh: AptLists = { present: true, ageSeconds: 600, outdated: false };
const absent: PackageState = { status: 'absent', held: false, known: true, candidate: '1.22.1-9', near: [] };
const installed: PackageState = { status: 'installed', version: '1.22.1-9', held: false, known: true, near: [] };

const on = (state: PackageState, lists = fresh) => ({ package: state, 'aptLists()': lists });

describe('tasks/packages', () => {
  it('plans nothing where it is installed, held or not, however old the lists', async () => {
    const old = { ...fresh, ageSeconds: 9e6 };
    expect(await planOn(packages({ name: 'nginx' }), on(installed, old))).to.deep.equal([]);
    expect(await planOn(packages({ name: 'nginx' }), on({ ...installed, held: true }))).to.deep.equal([]);
  });

  it('installs in one transaction what is missing of several, and predicts it', async () => {
    const task = packages({ names: ['nginx', 'logrotate', 'nginx'] });
    const values = { ...on(absent), 'package(logrotate)': installed };
    const [change, ...more] = await planOn(task, values);
    expect(more).to.deep.equal([]);
    expect(change?.summary).to.equal('install nginx 1.22.1-9');
    expect(change?.diff).to.deep.equal({ before: 'nginx (not installed)\n', after: 'nginx 1.22.1-9\n' });
    expect(change?.packages).to.deep.equal([{ name: 'nginx', from: undefined, to: '1.22.1-9' }]);
    expect(change?.touches).to.include.members(['package:*', 'installed:nginx', 'unit:nginx.service', 'path:/etc/nginx']);
    expect(await planAfter(task, values)).to.deep.equal([]);
  });

  it('fetches lists first where they are missing, old or outdated', async () => {
    for (const lists of [
      { ...fresh, present: false },
      { ...fresh, ageSeconds: 86_401 },
      { ...fresh, outdated: true },
    ]) {
      const task = packages({ name: 'nginx' });
      const state = { ...absent, known: false, candidate: undefined };
      const [change] = await planOn(task, on(state, lists));
      expect(change?.summary).to.equal('fetch package lists, install nginx newest');
      expect(await planAfter(task, on(state, lists))).to.deep.equal([]);
    }
    const [change] = await planOn(packages({ name: 'nginx', updateCache: false }), on(absent, { ...fresh, ageSeconds: 9e6 }));
    expect(change?.summary).to.equal('install nginx 1.22.1-9');
  });

  it('refuses a name that fresh lists do not have, with a near one', async () => {
    const state = { ...absent, known: false, candidate: undefined, near: ['nginx', 'ngircd'] };
    const error: unknown = await planOn(packages({ name: 'nginxx' }), on(state)).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(PlanError).with.property('message', 'apt knows no package "nginxx" — did you mean "nginx"?');
    expect(await planOn(packages({ name: 'nginxx' }), on(state, { ...fresh, outdated: true }))).to.have.length(1);
  });

  it('upgrades for latest only where apt has a newer one or the lists are too old to tell', async () => {
    const task = packages({ name: 'nginx', state: 'latest', cacheMaxAge: 0 });
    expect(await planOn(task, on({ ...installed, candidate: '1.22.1-9' }))).to.deep.equal([]);
    const newer = on({ ...installed, candidate: '1.24' });
    expect((await planOn(task, newer))[0]).to.deep.include({
      summary: 'upgrade nginx 1.24',
      packages: [{ name: 'nginx', from: '1.22.1-9', to: '1.24' }],
    });
    expect(await planAfter(task, newer)).to.deep.equal([]);
    const old = on({ ...installed, candidate: '1.22.1-9' }, { ...fresh, ageSeconds: 1e6 });
    const [change] = await planOn(task, old);
    expect(change?.summary).to.equal('fetch package lists, upgrade nginx 1.22.1-9');
    expect(change?.parts?.map(({ summary }) => summary)).to.deep.equal(['fetch package lists', 'upgrade nginx 1.22.1-9']);
    expect(await planAfter(task, old)).to.deep.equal([]);
  });

  it('keeps a version, exact or by its beginning, and does not touch what is held', async () => {
    expect(await planOn(packages({ name: 'nginx', version: '1.22.*' }), on(installed))).to.deep.equal([]);
    const [change] = await planOn(packages({ name: 'nginx', version: '1.18' }), on(installed));
    expect(change?.diff?.after).to.equal('nginx 1.18\n');
    const held: unknown = await planOn(packages({ name: 'nginx', version: '1.18' }), on({ ...installed, held: true })).catch(
      (e: unknown) => e,
    );
    expect(held).to.be.instanceOf(PlanError).with.property('hint').that.contains('apt-mark unhold nginx');
  });

  it('removes, and purges what a removal left', async () => {
    const left: PackageState = { ...absent, status: 'config-files' };
    expect(await planOn(packages({ name: 'nginx', state: 'absent' }), on(left))).to.deep.equal([]);
    const purge = packages({ name: 'nginx', state: 'absent', purge: true });
    expect((await planOn(purge, on(left)))[0]?.summary).to.equal('purge nginx');
    expect((await planOn(purge, on(installed)))[0]?.packages).to.deep.equal([{ name: 'nginx', from: '1.22.1-9' }]);
    expect(await planAfter(purge, on(installed))).to.deep.equal([]);
    expect((await planOn(packages({ name: 'nginx', state: 'absent' }), on(installed)))[0]?.touches).to.include('installed:*');
  });

  it('ends an interrupted installation', async () => {
    const [change] = await planOn(packages({ name: 'nginx' }), on({ ...absent, status: 'broken', version: '1.22.1-9' }));
    expect(change?.diff?.before).to.equal('nginx 1.22.1-9 (its installation was interrupted)\n');
  });

  it('writes scripts that a POSIX shell takes', async () => {
    const tasks = [
      packages({ name: 'nginx' }),
      packages({ name: 'nginx', services: 'started', updateCache: false, recommends: true }),
    ];
    for (const task of tasks) {
      const [step] = (await planOn(task, on(absent)))[0]?.steps ?? [];
      expect(step?.kind).to.equal('shell');
      if (step?.kind === 'shell') expect(runLocally(`set -n\n${String(step.script)}`)).to.deep.include({ code: 0, stderr: '' });
    }
  });

  it('refuses options that make no sense', () => {
    expect(() => packages({})).to.throw(InputError, 'exactly one of name and names');
    expect(() => packages({ name: 'ng inx' })).to.throw(InputError, "a Debian package's name");
    expect(() => packages({ names: ['a1', 'b1'], version: '1' })).to.throw(InputError, 'version goes with one name');
    expect(() => packages({ name: 'nginx', purge: true })).to.throw(InputError, 'purge goes with');
    expect(() => packages({ name: 'nginx', stat: 'absent' } as never)).to.throw(InputError, 'did you mean "state"?');
  });
});
