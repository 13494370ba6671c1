import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { endGroups, kill, processesOf } from './cgroup.js';
import { startDaemon } from './daemon.js';
import { writeNetwork } from './hostFiles.js';
import { mountOverlay, unmountBelow } from './mounts.js';
import { bridgeOf } from './network.js';
import { shortId } from './paths.js';
import { run } from './run.js';
import { waitFor } from './wait.js';

/** Where one container lies and how it is reached. */
export interface Container {
  readonly rig: string;
  readonly name: string;
  readonly address: string;
  readonly gateway: string;
  /** The base image's root file system. */
  readonly image: string;
  /** The host's own folder: `layer`, `upper`, `work`, `root`, `console.log`. */
  readonly folder: string;
}

/** What nspawn exits with when the container's own systemd asks for a reboot (systemd-nspawn --keep-unit). */
const REBOOT = 133;

/** Boots a container and waits until its sshd answers. Its file system is as the last `stop` left it. */
export async function boot(container: Container): Promise<void> {
  const { rig, name, folder, image } = container;
  const root = join(folder, 'root');
  await writeNetwork(join(folder, 'layer'), container);
  await mountOverlay(root, [join(folder, 'layer'), image], join(folder, 'upper'), join(folder, 'work'));
  const argv = [
    'systemd-nspawn',
    '--quiet',
    '--register=no',
    '--keep-unit',
    `--directory=${root}`,
    '--boot',
    `--machine=${machineOf(rig, name)}`,
    `--hostname=${name}`,
    `--network-bridge=${bridgeOf(rig)}`,
    '--resolv-conf=off',
    '--timezone=off',
    '--link-journal=no',
    '--suppress-sync=yes', // a host is thrown away: waiting for the disk would prove nothing
    '--console=pipe',
  ];
  const log = join(folder, 'console.log');
  const again = ['sh', '-c', `while "$@"; [ $? = ${REBOOT} ]; do :; done`, 'sh', ...argv];
  await startDaemon(rig, name, again, log, { SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' });
  try {
    await waitFor(`${name} (${container.address}) answers on port 22`, 60_000, async () => await sshAnswers(container.address));
  } catch (error) {
    const console = await readFile(log, 'utf8').catch(() => '');
    const inside = await lookInside(rig, name);
    throw new Error(`${name} did not start; the end of ${log}:\n${console.slice(-2000)}\n${inside}`, { cause: error });
  }
}

/** What a container that does not answer is at: its addresses, the jobs that systemd still waits for, what failed. */
async function lookInside(rig: string, name: string): Promise<string> {
  const leader = await leaderOf(rig, name);
  if (leader === undefined) return 'its systemd does not run';
  const script = 'ip -brief addr; systemctl --no-pager list-jobs; systemctl --no-pager --failed; journalctl --no-pager -n 20';
  const { stdout, stderr } = await run(['nsenter', '-t', String(leader), '-a', 'sh', '-c', script], { timeout: 10_000 });
  return stdout + stderr;
}

/** Ends a container at once, as when its power is cut, and unmounts its file system. No error where it does not run. */
export async function stop(rig: string, name: string, folder: string): Promise<void> {
  const leader = await leaderOf(rig, name);
  if (leader !== undefined) {
    kill(leader); // nspawn sees it end, cleans up after itself and ends too
    await waitFor('nspawn ends', 2000, async () => ((await processesOf(rig, name)).length === 0 ? true : undefined)).catch(
      () => undefined,
    );
  }
  await endGroups(rig, name);
  await unmountBelow(folder);
  // nspawn leaves this where /run is no tmpfs.
  await rm(join('/run/systemd/nspawn/propagate', machineOf(rig, name)), { recursive: true, force: true });
  // The kernel takes the network device away a little later; the next start would meet it.
  const device = `vb-${machineOf(rig, name)}`;
  if (existsSync(`/sys/class/net/${device}`)) await run(['ip', 'link', 'delete', device]);
}

/** Throws away all that a stopped container ever wrote. The bulk is deleted by `sweep`, not now. */
export async function discard(folder: string): Promise<void> {
  for (const name of ['upper', 'work'])
    await rename(join(folder, name), join(folder, `old-${name}-${process.hrtime.bigint()}`)).catch(missing);
  await mkdir(join(folder, 'upper'), { recursive: true });
  await rm(join(folder, 'console.log'), { force: true });
}

/** Whether a container runs and its sshd answers. */
export async function isRunning(rig: string, name: string, address: string): Promise<boolean> {
  return (await leaderOf(rig, name)) !== undefined && (await sshAnswers(address)) === true;
}

/** The process that is number 1 inside the container. */
async function leaderOf(rig: string, name: string): Promise<number | undefined> {
  for (const pid of await processesOf(rig, name)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (/^NSpid:\s+\d+\s+1$/m.test(status)) return pid;
  }
  return undefined;
}

async function sshAnswers(address: string): Promise<true | undefined> {
  return await new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 10_000 });
    const done = (answer: true | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (data) => {
      done(data.toString('latin1').startsWith('SSH-') ? true : undefined);
    });
    socket.on('error', () => {
      done(undefined);
    });
    socket.on('timeout', () => {
      done(undefined);
    });
    socket.on('close', () => {
      done(undefined);
    });
  });
}

/** Unique on this machine, and short enough for the network device that is named after it. */
function machineOf(rig: string, name: string): string {
  return `${shortId(rig)}-${name}`;
}

function missing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
