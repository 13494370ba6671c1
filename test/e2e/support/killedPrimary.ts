import { expect } from 'chai';
import type { Rig } from '../../rig/rig.js';
import type { Flavour } from '../../rig/state.js';
import type { Site } from '../../rig/siteClient.js';
import { root } from './root.js';
import { provisionText } from './provision.js';
import { until } from './until.js';
import { writeLoad } from './writeLoad.js';

/** Seconds without writes: on an idle machine it is a tenth of that. */
export const LONGEST_CLOSED = 2;

/** Ends a database server's process with SIGKILL; nothing starts it again, until `reviveServer`. */
async function killServer(rig: Rig, host: string, unit: Flavour): Promise<void> {
  const folder = `/run/systemd/system/${unit}.service.d`;
  await root(
    rig,
    host,
    `mkdir -p ${folder}; printf '[Service]\\nRestart=no\\n' >${folder}/dead.conf; systemctl daemon-reload; systemctl kill -s KILL ${unit}`,
  );
  await until(async () => !/^(de)?activ|^stopping/.test((await rig.ssh(host, `systemctl is-active ${unit}`)).stdout));
}

export async function reviveServer(rig: Rig, host: string, unit: Flavour): Promise<void> {
  const folder = `/run/systemd/system/${unit}.service.d`;
  await root(rig, host, `rm -r ${folder}; systemctl daemon-reload; systemctl reset-failed ${unit}; systemctl start ${unit}`);
}

/** Seconds from the first change of a switchover or failover until writes were taken, as the operation tells. */
export function closedFor(stdout: string): number {
  return Number(/takes writes, ([\d.]+) s after/.exec(stdout)?.[1] ?? NaN);
}

/** Of the notes that were acknowledged, those that a server does not have. */
export async function missingNotes(
  rig: Rig,
  { host, flavour, name }: { readonly host: string; readonly flavour: Flavour; readonly name: string },
  acknowledged: readonly string[],
): Promise<readonly string[]> {
  const rows = await root(rig, host, `${flavour} -N -B`, `SELECT text FROM app.notes WHERE text LIKE '${name}-%'`);
  const there = new Set(rows.split('\n'));
  return acknowledged.filter((text) => !there.has(text));
}

/**
 * Kills the primary under load and orders a failover at once: writes come back, no acknowledged one is lost, and reads never fail.
 * Gives the seconds from the order, the start of the program included, to the first write that a client got through.
 */
export async function failOverUnderLoad(
  rig: Rig,
  site: Site,
  { flavour, primary, next }: { readonly flavour: Flavour; readonly primary: string; readonly next: string },
): Promise<number> {
  const load = writeLoad(site, 'killed', 4);
  await until(() => Promise.resolve(load.lastWrite() > 0));
  await killServer(rig, primary, flavour);
  const ordered = performance.now();
  const { code, stdout, stderr } = await provisionText(rig, 'db', 'failover', next, '--yes', '--output', 'plain');
  expect(code, `${stdout}\n${stderr}`).to.equal(0);
  await until(() => Promise.resolve(load.firstWriteSince(ordered) !== undefined));
  const back = load.firstWriteSince(ordered) ?? NaN;
  const { acknowledged, readFailures } = await load.stop();
  expect(closedFor(stdout)).to.be.lessThan(LONGEST_CLOSED);
  expect(acknowledged.length).to.be.greaterThan(20);
  expect(await missingNotes(rig, { host: next, flavour, name: 'killed' }, acknowledged)).to.deep.equal([]);
  expect(readFailures).to.deep.equal([]);
  return (back - ordered) / 1000;
}
