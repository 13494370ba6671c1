import { connect } from 'node:net';
import { join } from 'node:path';
import { endGroups } from './cgroup.js';
import { startDaemon } from './daemon.js';
import { proxyPort } from './hostFiles.js';
import { upstreamOf } from './image.js';
import { machineApt } from './machineApt.js';
import { nodeArgs } from './nodeArgs.js';
import { cacheDir, rigDir } from './paths.js';
import { waitFor } from './wait.js';
import { dirname } from 'node:path';

/** Its name among the rig's members; no host name has an underscore. */
const MEMBER = '_proxy';

/** Starts the rig's apt proxy on the bridge's address, unless it answers already. */
export async function ensureProxy(rig: string, address: string): Promise<void> {
  if (await listens(address)) return;
  await endGroups(rig, MEMBER);
  const upstream = JSON.stringify(upstreamOf(await machineApt()));
  const argv = [process.execPath, ...nodeArgs('proxyMain'), address, String(proxyPort), upstream];
  await startDaemon(rig, MEMBER, argv, join(rigDir(rig), 'proxy.log'), { XDG_CACHE_HOME: dirname(cacheDir) });
  await waitFor('the apt proxy listens', 60_000, async () => ((await listens(address)) ? true : undefined));
}

async function listens(address: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ host: address, port: proxyPort, timeout: 1000 });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .on('connect', () => {
        done(true);
      })
      .on('error', () => {
        done(false);
      })
      .on('timeout', () => {
        done(false);
      });
  });
}
