import { expect } from 'chai';
import type { Rig } from '../../rig/rig.js';

/** Runs a command as root on a host of a rig, and gives what it prints. Fails the test where the command fails. */
export async function root(rig: Rig, host: string, command: string, input?: string): Promise<string> {
  const result = await rig.ssh(host, command, { root: true, ...(input === undefined ? {} : { input }) });
  expect(result.code, `${command} on ${host}: ${result.stderr}`).to.equal(0);
  return result.stdout.trim();
}
