import { expect } from 'chai';
import { compareParity, type Parity } from '../../src/report/parity.js';
import type { Rig } from '../rig/rig.js';
import { bareRig } from '../rig/sharedRig.js';
import type { Flavour } from '../rig/state.js';
import { driftRounds } from './support/drift.js';
import { faultsOf, provision, tasksThat } from './support/provision.js';

/** Most changes on bare hosts that a dry run may leave open. */
const OPEN_SHARE = 0.05;

const rows: string[] = [];

for (const flavour of ['mariadb', 'mysql'] as const) paritySuite(flavour);

after('print the figures', () => {
  const head = ['| Hosts | Tasks | Announced and done | Known after apply | Mismatches |', '| --- | --- | --- | --- | --- |'];
  if (rows.length > 0) process.stdout.write(`\n${[...head, ...rows].join('\n')}\n`);
});

/** A dry run of the whole site and the apply that follows it say the same. */
function paritySuite(flavour: Flavour): void {
  describe(`parity of dry run and apply, with ${flavour}`, function () {
    this.timeout(600_000);
    let rig: Rig;

    before('start bare hosts', async function () {
      this.timeout(0);
      rig = await bareRig(flavour);
    });

    async function parity(what: string): Promise<Parity> {
      const dry = await provision(rig, '--check');
      expect(dry.code, faultsOf(dry)).to.equal(0);
      const done = await provision(rig);
      expect(done.code, faultsOf(done)).to.equal(0);
      const compared = compareParity(dry.events, done.events);
      const { tasks, exact, unknown, spuriousErrors, unannounced, missing, different } = compared;
      expect({ spuriousErrors, unannounced, missing, different }).to.deep.equal({
        spuriousErrors: [],
        unannounced: [],
        missing: [],
        different: [],
      });
      rows.push(`| ${what} (${flavour}) | ${tasks} | ${exact} | ${unknown.length} | 0 |`);
      return compared;
    }

    it('announces on bare hosts what is then done, and leaves hardly anything open', async () => {
      const { exact, unknown } = await parity('bare');
      expect(exact).to.be.greaterThan(40);
      expect(unknown.length, JSON.stringify(unknown)).to.be.at.most(OPEN_SHARE * (exact + unknown.length));
    });

    driftRounds(flavour).forEach((round, index) => {
      it(`leaves nothing open after ${round.length} kinds of drift: ${round.map(({ kind }) => kind).join(', ')}`, async () => {
        for (const { kind, host, command } of round) {
          const { code, stderr } = await rig.ssh(host, command, { root: true });
          expect(code, `${kind}: ${stderr}`).to.equal(0);
        }
        const { exact, unknown } = await parity(`built, ${round.length} things changed by hand, round ${index + 1}`);
        expect(unknown).to.deep.equal([]);
        expect(exact).to.be.greaterThan(round.length / 2);
      });
    });

    it('has nothing to announce afterwards', async () => {
      expect(tasksThat(await provision(rig, '--check'), 'changed', 'unknown', 'failed')).to.deep.equal([]);
    });
  });
}
