import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { runDir, shortId } from './paths.js';
import { must, run } from './run.js';

const FORWARDING = '/proc/sys/net/ipv4/ip_forward';
const users = join(runDir, 'forwarding');
const lock = join(runDir, 'forwarding.lock');

/** The bridge of a rig. */
export function bridgeOf(rig: string): string {
  return `pr-${shortId(rig)}`;
}

/** The nft table of a rig. */
export function tableOf(rig: string): string {
  return `provision_rig_${rig.replaceAll('-', '_')}`;
}

/** Makes the rig's bridge, with the address .1 of its subnet, and lets its hosts reach what this machine reaches. */
export async function networkUp(rig: string, subnet: string): Promise<void> {
  const bridge = bridgeOf(rig);
  const known = await run(['ip', 'link', 'show', bridge]);
  if (known.code !== 0) await must(['ip', 'link', 'add', bridge, 'type', 'bridge']);
  await must(['ip', 'addr', 'replace', `${subnet}.1/24`, 'dev', bridge]);
  await must(['ip', 'link', 'set', bridge, 'up']);
  const table = tableOf(rig);
  const rules = `table ip ${table}
delete table ip ${table}
table ip ${table} {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    ip saddr ${subnet}.0/24 oifname != "${bridge}" masquerade
  }
}
`;
  await must(['nft', '-f', '-'], { input: rules });
  await forwardingOn(rig);
}

/** Takes away what `networkUp` made; whatever is not there is no error. */
export async function networkDown(rig: string): Promise<void> {
  const table = tableOf(rig);
  await must(['nft', '-f', '-'], { input: `table ip ${table}\ndelete table ip ${table}\n` });
  const bridge = bridgeOf(rig);
  if ((await run(['ip', 'link', 'show', bridge])).code === 0) await must(['ip', 'link', 'delete', bridge]);
  await forwardingOff(rig);
}

/**
 * Lets this machine forward packets, for as long as one of its users needs it.
 * @param user a rig's name, or another that no rig has
 */
export async function forwardingOn(user: string): Promise<void> {
  await withLock(lock, async () => {
    await mkdir(users, { recursive: true });
    const forwarding = (await readFile(FORWARDING, 'utf8')).trim();
    const ours = (await readdir(users)).length > 0;
    if (forwarding === '1' && !ours) return; // it was on before any of us: not ours to switch off
    await writeFile(join(users, user), '');
    await writeFile(FORWARDING, '1');
  });
}

/** Takes a user's need away; the last one switches forwarding off, where it was off before the first. */
export async function forwardingOff(user: string): Promise<void> {
  await withLock(lock, async () => {
    const marker = join(users, user);
    const before: string[] = await readdir(users).catch(() => []);
    if (!before.includes(user)) return;
    await rm(marker);
    if (before.length === 1) await writeFile(FORWARDING, '0');
  });
}

/** The first three numbers of the /24 networks that this machine has an address or a route in. */
export async function usedSubnets(): Promise<Set<string>> {
  const text = (await must(['ip', '-4', 'addr'])) + (await must(['ip', '-4', 'route']));
  return new Set([...text.matchAll(/\b(\d+\.\d+\.\d+)\.\d+/g)].flatMap(([, net]) => (net === undefined ? [] : [net])));
}
