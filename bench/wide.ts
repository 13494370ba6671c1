import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/util/packageRoot.js';
import type { Rig } from '../test/rig/rig.js';
import { user } from '../test/rig/recipe.js';
import { waitFor } from '../test/rig/wait.js';
import { sshWith } from './floor.js';
import { FIRST_PORT } from './ports.js';
import type { BenchHost } from './workload.js';

/** What is played by whom. */
export interface WideRequest {
  readonly rig: Rig;
  /** The container that plays them. */
  readonly player: BenchHost;
  /** For their known_hosts. */
  readonly folder: string;
  readonly count: number;
  /** The largest count that will be asked for: so many are started the first time. */
  readonly most: number;
}

/**
 * Many hosts in one container: each is an sshd of its own with the usual limits, on a port of its own, that sees folders
 * of its own where the work is done. They share kernel, packages and accounts.
 */
export async function playWide(request: WideRequest): Promise<{ hosts: readonly BenchHost[]; knownHosts: string }> {
  const { rig, player, folder, count, most } = request;
  if ((await listening(rig, player.name)) < count) await start(rig, player.name, most);
  const known = (await readFile(rig.knownHostsFile, 'utf8')).split('\n').find((line) => line.startsWith(`${player.address} `));
  const key = known?.slice(player.address.length + 1) ?? '';
  const knownHosts = join(folder, 'known_hosts');
  const ports = Array.from({ length: most }, (_, index) => FIRST_PORT + index);
  await writeFile(knownHosts, ports.map((port) => `[${player.address}]:${port} ${key}\n`).join(''));
  const hosts = ports.slice(0, count).map((port, index) => ({
    name: `wide-${String(index + 1).padStart(3, '0')}`,
    address: player.address,
    port,
    ssh: sshWith(player, ['-p', String(port), '-o', `UserKnownHostsFile=${knownHosts}`]),
  }));
  return { hosts, knownHosts };
}

async function start(rig: Rig, host: string, count: number): Promise<void> {
  const script = await readFile(join(packageRoot(), 'bench/wide.sh'), 'utf8');
  const place = '/usr/local/sbin/bench-wide';
  const unit = `systemd-run -q --unit=bench-wide -p TasksMax=infinity sh ${place} ${user.name} ${FIRST_PORT} ${count}`;
  const line = `systemctl stop -q bench-wide 2>/dev/null; cat >${place} && ${unit}`;
  const { code, stderr } = await rig.ssh(host, line, { root: true, input: script });
  if (code !== 0) throw new Error(`${host} cannot play ${count} hosts: exit code ${code}\n${stderr}`);
  await waitFor(`${host} answers on ${count} ports`, 180_000, async () =>
    (await listening(rig, host)) >= count ? true : undefined,
  );
}

/** How many of them there are. */
async function listening(rig: Rig, host: string): Promise<number> {
  const { stdout } = await rig.ssh(host, `ss -Hltn4 'sport >= :${FIRST_PORT}' | wc -l`);
  return Number(stdout);
}
