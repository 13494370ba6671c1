import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sshWith } from '../floor.js';
import type { BenchHosts } from '../hosts.js';
import type { Bench } from '../workload.js';
import { delayingProxy } from './delay.js';

/** The same hosts, farther away. @param roundTrip in milliseconds */
export async function farBench(
  hosts: BenchHosts,
  near: Bench,
  roundTrip: number,
): Promise<{ bench: Bench; close: () => Promise<void> }> {
  const known = await readFile(hosts.access.knownHosts, 'utf8');
  const knownHosts = join(near.folder, 'known_hosts-far');
  const far = await Promise.all(
    near.hosts.map(async (host) => {
      const proxy = await delayingProxy({ host: host.address, port: host.port }, roundTrip);
      const key = known.split('\n').find((line) => line.startsWith(`${host.address} `));
      return { host, proxy, line: `[127.0.0.1]:${proxy.port}${key?.slice(host.address.length) ?? ''}\n` };
    }),
  );
  await writeFile(knownHosts, far.map(({ line }) => line).join(''));
  const places = far.map(({ host, proxy: { port } }) => ({
    ...host,
    address: '127.0.0.1',
    port,
    ssh: sshWith(host, ['-p', String(port), '-o', 'HostName=127.0.0.1', '-o', `UserKnownHostsFile=${knownHosts}`]),
  }));
  return {
    bench: { ...near, hosts: places, ...(await hosts.inventories(places, knownHosts)) },
    close: async () => {
      await Promise.all(
        far.map(async ({ proxy }) => {
          await proxy.close();
        }),
      );
    },
  };
}
