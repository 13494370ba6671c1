import { join } from 'node:path';
import { cacheDir } from '../rig/paths.js';

/** Everything of the tests with vagrant that outlives a step. Outside the checkout. */
const vagrantDir = join(cacheDir, 'vagrant');

/** Built boxes, one folder a recipe. They stay. */
export const boxesDir = join(vagrantDir, 'boxes');

/** vagrant's own home, so that the boxes of the machine's user stay as they are. */
export const vagrantHome = join(vagrantDir, 'home');

/** The copy of the checkout that `vagrant up` is called in, so that the user's own local machines stay as they are. */
export const copyDir = join(vagrantDir, 'site');

/** Held while a run is under way: there is one set of addresses. */
export const lockFile = join(vagrantDir, 'run.lock');

/** What a run found on this machine, kept until it has put everything back. */
export const stateFile = join(vagrantDir, 'run.json');

/** Everything that vagrant and the tool wrote in the last run. */
export const logFile = join(vagrantDir, 'last.log');

/** What the hypervisor wrote in the last run. */
export const hypervisorLog = join(vagrantDir, 'hypervisor.log');
