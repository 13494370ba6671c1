import { readFile, writeFile } from 'node:fs/promises';
import type { Say } from './options.js';

const LIMIT = '/proc/sys/fs/inotify/max_user_instances';

/** Each host's systemd and its services take a dozen, all of them as this machine's root: its 128 are ten hosts. */
const ENOUGH = 1024;

/** Lets this machine run many hosts: one that gets no more boots with failed units. Until this machine's next start; a higher limit stays. */
export async function ensureInotifyInstances(say: Say): Promise<void> {
  const limit = Number(await readFile(LIMIT, 'utf8'));
  if (limit >= ENOUGH) return;
  await writeFile(LIMIT, `${ENOUGH}\n`);
  say(`${LIMIT} was ${limit}, too few for many hosts: it is ${ENOUGH} until this machine's next start`);
}
