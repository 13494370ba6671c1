import { networkInterfaces } from 'node:os';
import type { Server } from 'node:http';
import { upstreamOf } from '../rig/image.js';
import { machineApt } from '../rig/machineApt.js';
import { aptCacheDir } from '../rig/paths.js';
import { startProxy } from '../rig/proxy.js';
import { waitFor } from '../rig/wait.js';
import { gateway, proxyPort } from './boxRecipe.js';

/** How long vagrant may take until it has made the network, in milliseconds. */
const NETWORK_TIMEOUT = 600_000;

/**
 * Starts the apt proxy of the machines as soon as vagrant has made their network.
 * @param isOver says that vagrant has ended, and nobody needs the proxy any more
 */
export async function gatewayProxy(isOver: () => boolean): Promise<Server | undefined> {
  const outcome = await waitFor(`this machine has the address ${gateway}`, NETWORK_TIMEOUT, () => {
    if (isOver()) return 'over';
    return hasAddress() ? 'there' : undefined;
  });
  if (outcome === 'over') return undefined;
  return await startProxy({
    folder: aptCacheDir,
    address: gateway,
    port: proxyPort,
    upstream: upstreamOf(await machineApt()),
  });
}

function hasAddress(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === gateway));
}
