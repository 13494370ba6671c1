import { accessFiles } from './inventoryFile.js';
import { user } from './recipe.js';
import type { RigState } from './state.js';

/** The ssh client's command line for a host of a rig, without the remote command. */
export function sshArgv(state: RigState, host: string): [string, ...string[]] {
  const found = state.hosts.find((each) => each.name === host);
  if (found === undefined)
    throw new Error(`the rig "${state.name}" has no host "${host}"; it has ${state.hosts.map((each) => each.name).join(', ')}`);
  const { privateKey, knownHosts } = accessFiles(state.inventoryFile);
  const options = {
    BatchMode: 'yes',
    ConnectTimeout: '10',
    IdentitiesOnly: 'yes',
    IdentityFile: privateKey,
    LogLevel: 'ERROR',
    StrictHostKeyChecking: 'yes',
    UserKnownHostsFile: knownHosts,
  };
  const flags = Object.entries(options).flatMap(([name, value]) => [
    '-o',
    `${name}=${value.includes(' ') ? `"${value}"` : value}`,
  ]);
  return ['ssh', '-F', '/dev/null', ...flags, `${user.name}@${found.address}`];
}
