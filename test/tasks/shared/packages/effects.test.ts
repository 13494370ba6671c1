import { expect } from 'chai';
import { NO_ENTRY } from '../../../../src/facts/accounts.js';
import { pathExists } from '../../../../src/facts/exists.js';
import { ABSENT, fileState, type FileState } from '../../../../src/facts/file.js';
import { groupEntry, userEntry } from '../../../../src/facts/accounts.js';
import { unitState, type UnitState } from '../../../../src/facts/units.js';
import type { Prediction, Read } from '../../../../src/model/fact.js';
import { overlaps, type Topic } from '../../../../src/model/topic.js';
import { FOLDERS_STAY } from '../../../../src/tasks/shared/folders.js';
import { CATALOGUE } from '../../../../src/tasks/shared/packages/catalogue.js';
import { packageContents } from '../../../../src/tasks/shared/packages/contents.js';
import { installationEffects, type Installation } from '../../../../src/tasks/shared/packages/effects.js';

const NOT_THERE: UnitState = {
  systemd: true,
  load: 'not-found',
  active: 'inactive',
  enabled: '',
  type: '',
  remains: false,
  canReload: false,
  needsDaemonReload: false,
};
const FOLDER: FileState = { type: 'directory', mode: '0755', owner: 'root', group: 'root', size: 0 };

function install(
  names: readonly string[],
  more: Partial<Installation> = {},
  status: 'absent' | 'config-files' | 'installed' = 'absent',
) {
  return installationEffects({
    task: `package ${names.join(' ')}`,
    packages: names.map((name) => ({ name, now: { status } })),
    recommends: false,
    services: 'stopped',
    ...more,
  });
}

/** What is said of a read; undefined where nothing is. */
function said<T>(predicts: readonly Prediction[], read: Read<T>, now: T): unknown {
  const prediction = predicts.find(({ key }) => key === read.key);
  return prediction?.tell === undefined ? prediction?.value : prediction.tell(now)?.value;
}

const touched = (touches: readonly Topic[], topic: Topic) => touches.some((one) => overlaps(one, topic));

describe('tasks/shared/packages/effects', () => {
  it('has a catalogue that the schema of brings accepts', () => {
    for (const [name, contents] of CATALOGUE) expect(packageContents.safeParse(contents).error, name).to.equal(undefined);
  });

  it('touches what a package of the catalogue brings, and nothing else', () => {
    const { touches } = install(['nginx']);
    for (const topic of ['unit:nginx.service', 'path:/etc/nginx/nginx.conf', 'installed:nginx', 'package:haproxy'] as const)
      expect(touched(touches, topic), topic).to.equal(true);
    for (const topic of ['unit:app.service', 'user:app', 'path:/etc/nginx/sites-available/app', 'loaded:nginx.service'] as const)
      expect(touched(touches, topic), topic).to.equal(false);
  });

  it('foretells a unit that arrives stopped, and nothing where services are started and the host decides', () => {
    expect(said(install(['nginx']).predicts, unitState('nginx.service'), NOT_THERE)).to.deep.equal({
      systemd: true,
      load: 'loaded',
      active: 'inactive',
      enabled: 'enabled',
      type: 'forking',
      remains: false,
      canReload: true,
      needsDaemonReload: false,
      arrives: true,
    });
    expect(said(install(['nginx'], { services: 'started' }).predicts, unitState('nginx.service'), NOT_THERE)).to.equal(undefined);
    expect(touched(install(['nginx'], { services: 'started' }).touches, 'loaded:nginx.service')).to.equal(true);
  });

  it('foretells accounts and groups, and leaves those that are there', () => {
    const { predicts } = install(['haproxy']);
    expect(said(predicts, groupEntry('haproxy'), NO_ENTRY)).to.deep.equal({ exists: true, gid: undefined });
    expect(said(predicts, groupEntry('haproxy'), { exists: true, gid: 7 })).to.deep.equal({ exists: true, gid: 7 });
    expect(said(predicts, userEntry('haproxy'), NO_ENTRY)).to.deep.include({
      home: '/var/lib/haproxy',
      homeExists: true,
      locked: true,
    });
  });

  it('foretells folders and links as a whole, files without what is in them', () => {
    const { predicts } = install(['nginx']);
    expect(said(predicts, fileState({ path: '/etc/nginx' }), ABSENT)).to.deep.equal(FOLDER);
    expect(said(predicts, fileState({ path: '/etc/nginx/nginx.conf' }), ABSENT)).to.deep.include({
      type: 'file',
      mode: '0644',
      contentFrom: 'package nginx',
    });
    expect(said(predicts, fileState({ path: '/etc/nginx/sites-enabled/default' }), ABSENT)).to.deep.include({
      type: 'link',
      target: '/etc/nginx/sites-available/default',
    });
    expect(said(predicts, pathExists('/etc/nginx/nginx.conf'), false)).to.equal(true);
  });

  it('says nothing of what stands there already and is not as the package has it', () => {
    const { predicts } = install(['nginx']);
    expect(said(predicts, fileState({ path: '/etc/nginx' }), { ...FOLDER, mode: '0700' })).to.equal(undefined);
    expect(said(predicts, fileState({ path: '/etc/nginx/nginx.conf' }), { ...FOLDER, type: 'file' })).to.equal(undefined);
    expect(said(predicts, unitState('nginx.service'), { ...NOT_THERE, load: 'masked' })).to.equal(undefined);
    expect(said(predicts, unitState('nginx.service'), { ...NOT_THERE, active: 'failed' })).to.equal(undefined);
    const there: UnitState = { ...NOT_THERE, load: 'loaded', enabled: 'enabled', active: 'active' };
    expect(said(predicts, unitState('nginx.service'), there)).to.equal(there);
  });

  it('knows that a removed package left its configuration and the link that starts its unit', () => {
    const { predicts } = install(['haproxy'], {}, 'config-files');
    const edited: FileState = { ...FOLDER, type: 'file', sha256: 'abc' };
    expect(said(predicts, fileState({ path: '/etc/haproxy/haproxy.cfg' }), edited)).to.equal(edited);
    expect(said(predicts, fileState({ path: '/etc/haproxy/haproxy.cfg' }), ABSENT)).to.equal(undefined);
    const enabled = (linked: boolean) => said(predicts, unitState('haproxy.service'), { ...NOT_THERE, linked });
    expect(enabled(true)).to.deep.include({ enabled: 'enabled', arrives: true });
    expect(enabled(false)).to.deep.include({ enabled: 'disabled' });
  });

  it('foretells nothing of an upgrade, which may start anew what runs', () => {
    const { touches, predicts } = install(['nginx'], {}, 'installed');
    expect(predicts).to.deep.equal([FOLDERS_STAY]);
    expect(touched(touches, 'loaded:nginx.service')).to.equal(true);
  });

  it('leaves open all that a name suggests, where a package is unknown or brings what it recommends', () => {
    for (const { touches, predicts } of [install(['nginx', 'unheard-of']), install(['nginx'], { recommends: true })]) {
      expect(predicts).to.deep.equal([FOLDERS_STAY]);
      for (const topic of ['unit:app.service', 'user:app', 'path:/etc/nginx/sites-available/app'] as const)
        expect(touched(touches, topic), topic).to.equal(true);
    }
  });

  it('takes what the task says of an unknown package', () => {
    const brings = packageContents.parse({
      units: { 'app.service': { type: 'simple', enabled: 'disabled', runs: true } },
      directories: ['/etc/app app:adm 0750'],
    });
    const { touches, predicts } = install(['unheard-of'], { brings, services: 'started' });
    expect(touched(touches, 'unit:other.service')).to.equal(false);
    expect(said(predicts, unitState('app.service'), NOT_THERE)).to.deep.include({ active: 'active', enabled: 'disabled' });
    expect(said(predicts, fileState({ path: '/etc/app' }), ABSENT)).to.deep.equal({
      type: 'directory',
      mode: '0750',
      owner: 'app',
      group: 'adm',
      size: 0,
    });
  });
});
