import { expect } from 'chai';
import type { Rig } from '../../rig/rig.js';
import { makeProject } from './project.js';
import { faultsOf, provision, tasksThat } from './provision.js';

/** One host after the other. */
const PLAYBOOK = `
import { z } from 'zod';
import { playbook } from 'provision/playbook';
import { reboot } from 'provision/tasks/reboot';
export default playbook({
  vars: z.looseObject({}),
  groups: [],
  plays: [{ name: 'reboots', hosts: 'all', serial: 1, tasks: () => [reboot({ timeoutSeconds: 120 })] }],
});`;

/** Reboots the hosts of a rig by a playbook, as a user does whose packages ask for it. */
export async function rebootAll(rig: Rig, hosts: readonly string[]): Promise<void> {
  const boots = () => Promise.all(hosts.map((host) => asRoot(rig, host, 'cat /proc/sys/kernel/random/boot_id')));
  const before = await boots();
  await Promise.all(hosts.map((host) => asRoot(rig, host, 'touch /run/reboot-required')));
  const project = makeProject();
  try {
    const result = await provision(rig, project.write('playbooks/reboot.ts', PLAYBOOK));
    expect(result.code, faultsOf(result)).to.equal(0);
    expect(tasksThat(result, 'changed')).to.have.members(hosts.map((host) => `${host}: reboot when required`));
  } finally {
    project.remove();
  }
  for (const [index, boot] of (await boots()).entries()) expect(boot, hosts[index]).to.not.equal(before[index]);
}

/** What runs on a host, and its rules of the firewall without what they count. */
export function runningOn(rig: Rig, host: string): Promise<string> {
  const units = 'systemctl list-units --plain --no-legend --state=active --type=service,timer,socket';
  const rules = 'nft list table inet provision';
  return asRoot(
    rig,
    host,
    `${units} | cut -d ' ' -f 1 | grep -v '^user' | sort; ${rules} | sed -E 's/ packets [0-9]+ bytes [0-9]+//; s/ expires [0-9a-z]+//'`,
  );
}

async function asRoot(rig: Rig, host: string, command: string): Promise<string> {
  const { code, stdout, stderr } = await rig.ssh(host, command, { root: true });
  expect(code, `${command} on ${host}: ${stderr}`).to.equal(0);
  return stdout.trim();
}
