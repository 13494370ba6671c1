import { startRig, type Rig } from './rig.js';
import { testRigPrefix } from './paths.js';
import type { Flavour } from './state.js';

const started = new Map<Flavour, Promise<Rig>>();

/**
 * The rig of a flavour that all test files of a run share, bare: started for the first caller, reset for later ones.
 * Call it in a suite's `before`, with `this.timeout(0)`. All are taken down when the run ends, unless `RIG_KEEP` is set.
 */
export async function bareRig(flavour: Flavour = 'mariadb'): Promise<Rig> {
  const known = started.get(flavour);
  if (known !== undefined) {
    const rig = await known;
    await rig.reset();
    return rig;
  }
  const rig = startRig({ name: `${testRigPrefix()}${flavour}`, flavour });
  started.set(flavour, rig);
  return await rig;
}

// Loaded by a test file, this stands in mocha's root suite.
after('take the rigs down', async function () {
  this.timeout(60_000);
  if (process.env['RIG_KEEP'] !== undefined) return;
  for (const start of await Promise.allSettled(started.values())) {
    if (start.status === 'fulfilled') await start.value.stop(); // one that did not start has told so already
  }
});
