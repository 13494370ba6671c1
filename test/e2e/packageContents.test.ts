import { expect } from 'chai';
import { groupEntry, userEntry } from '../../src/facts/accounts.js';
import { fileState } from '../../src/facts/file.js';
import { unitState } from '../../src/facts/units.js';
import type { Prediction, Read } from '../../src/model/fact.js';
import { overlaps, type Topic } from '../../src/model/topic.js';
import { CATALOGUE } from '../../src/tasks/shared/packages/catalogue.js';
import { placeOf, type PackageContents } from '../../src/tasks/shared/packages/contents.js';
import { installationEffects } from '../../src/tasks/shared/packages/effects.js';
import { installScript } from '../../src/tasks/shared/packageScripts.js';
import { testRigPrefix } from '../rig/paths.js';
import { startRig, type Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import { readOn } from './support/readOn.js';

const TRIXIE = `${testRigPrefix()}trixie`;

/** Of Debian's releases only sid has MySQL. */
const isMysql = (name: string) => name.startsWith('mysql');

contentsSuite(
  'Debian 12',
  () => bareRig('mariadb'),
  (name) => !isMysql(name),
);
contentsSuite(
  'Debian 13',
  () => startRig({ name: TRIXIE, base: 'trixie' }),
  (name) => !isMysql(name),
);
contentsSuite('Debian sid', () => bareRig('mysql'), isMysql);

/** Installs each package of the catalogue on a bare host, and compares what it brings with what the catalogue says. */
function contentsSuite(release: string, start: () => Promise<Rig>, takes: (name: string) => boolean): void {
  describe(`what the catalogue says of packages, on ${release}`, function () {
    this.timeout(600_000);
    let rig: Rig;
    before('start bare hosts', async function () {
      this.timeout(0);
      rig = await start();
    });
    after('take down a rig of its own', async function () {
      this.timeout(0);
      if (rig.name === TRIXIE) await rig.stop();
    });

    const names = [...CATALOGUE.keys()].filter(takes);
    const hosts = ['lb-01', 'web-01', 'web-02'];
    for (let first = 0; first < names.length; first += hosts.length) {
      const some = names.slice(first, first + hosts.length);
      it(`is right about ${some.join(', ')}`, async () => {
        if (first > 0) await rig.reset();
        await Promise.all(some.map((name, index) => compare(rig, hosts[index] ?? '', name)));
      });
    }
  });
}

async function compare(rig: Rig, host: string, name: string): Promise<void> {
  const { touches, predicts } = installationEffects({
    task: `package ${name}`,
    packages: [{ name, now: { status: 'absent' } }],
    recommends: false,
    services: 'stopped',
  });
  const contents = CATALOGUE.get(name) ?? {};
  const before = { values: await valuesOf(rig, host, contents), things: await thingsOf(rig, host) };
  await install(rig, host, name);
  const after = { values: await valuesOf(rig, host, contents), things: await thingsOf(rig, host) };
  const foretold = before.values.map(({ read, value }) => [read.key, tell(predicts, read, value)] as const);
  const came = new Map(after.values.map(({ read, value }) => [read.key, value]));
  const wrong = foretold.flatMap(([key, value]) => {
    const varies = (value as { enabledFrom?: string } | undefined)?.enabledFrom !== undefined;
    const [said, is] = [comparable(value, varies), comparable(came.get(key), varies)];
    return value === undefined || JSON.stringify(said) === JSON.stringify(is) ? [] : [{ key, said, is }];
  });
  expect(wrong, `${name} brings something else than the catalogue says`).to.deep.equal([]);
  const silent = after.things.filter((thing) => !before.things.includes(thing)).map((thing) => thing.split(' ')[0] ?? '');
  expect(
    silent.filter((topic) => !touches.some((one) => overlaps(one, topic as Topic))),
    `${name} brings what the catalogue does not name`,
  ).to.deep.equal([]);
}

interface Value {
  readonly read: Pick<Read<never>, 'key'>;
  readonly value: unknown;
}

/** What the host says of all that the catalogue names. */
async function valuesOf(rig: Rig, host: string, contents: PackageContents): Promise<readonly Value[]> {
  const { units = {}, users = {}, groups = [], directories = [], files = [], links = {} } = contents;
  const paths = [...[...directories, ...files].map((words) => placeOf(words, '').path), ...Object.keys(links)];
  const ask = async <T>(reads: readonly Read<T>[]): Promise<readonly Value[]> => {
    const values = await readOn(rig, host, reads);
    return reads.map((read, index) => ({ read, value: values[index] }));
  };
  return [
    ...(await ask(Object.keys(units).map((unit) => unitState(unit)))),
    ...(await ask(Object.keys(users).map((user) => userEntry(user)))),
    ...(await ask(groups.map((group) => groupEntry(group)))),
    ...(await ask(paths.map((path) => fileState({ path })))),
  ];
}

function tell(predicts: readonly Prediction[], { key }: Pick<Read<never>, 'key'>, now: unknown): unknown {
  const prediction = predicts.find((one) => one.key === key);
  return prediction?.tell === undefined ? prediction?.value : prediction.tell(now)?.value;
}

/** What is left open before: numbers that the host chooses, and what is in files. */
const OPEN: readonly string[] = ['arrives', 'enabledFrom', 'contentFrom', 'uid', 'gid', 'size', 'sha256', 'content'];

/** @param varies whether a unit is enabled depends on the package's version, says the catalogue */
function comparable(value: unknown, varies: boolean): unknown {
  return Object.fromEntries(
    Object.entries(value ?? {})
      .filter(([key]) => !OPEN.includes(key) && !(varies && key === 'enabled'))
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

async function install(rig: Rig, host: string, name: string): Promise<void> {
  const script = installScript({
    recommends: false,
    updateCache: true,
    cacheMaxAge: 86_400,
    services: 'stopped',
    lockTimeout: 300,
  });
  const { code, stderr } = await rig.ssh(host, 'sh -es', { root: true, input: `set -- ${name}\n${script}` });
  expect(code, `${name}: ${stderr}`).to.equal(0);
}

/**
 * What tasks may read, a line each, topic first: units, accounts, groups, and the files below folders that are
 * configured. Left out are the accounts' own files, what systemd and init link, and what many packages share and no
 * task would write.
 */
async function thingsOf(rig: Rig, host: string): Promise<readonly string[]> {
  const { stdout } = await rig.ssh(host, 'sh -s', { root: true, input: THINGS });
  return stdout.split('\n').filter((line) => line !== '');
}

const THINGS = `systemctl list-unit-files --plain --no-legend --no-pager | sed 's/^\\([^ ]*\\).*/unit:\\1/' | grep -v '\\.scope$'
getent passwd | sed 's/^\\([^:]*\\).*/user:\\1/'
getent group | sed 's/^\\([^:]*\\).*/group:\\1/'
find /etc /opt /srv /var/www /usr/local \\( -path '/etc/rc[0-9S].d' -o -path /etc/init.d -o -path /etc/systemd/system \\
  -o -path /etc/systemd/user -o -path /etc/alternatives \\) -prune -o -type d -printf 'path:%p %m %u %g\\n' -o -printf 'path:%p %m %u %g %s %T@\\n' |
  grep -vE '^path:/etc/(passwd|group|shadow|gshadow|subuid|subgid)-? |^path:/etc/(ld.so.cache|machine-id|mailcap|\\.pwd\\.lock) '`;
