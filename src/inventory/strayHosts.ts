import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../model/errors.js';
import type { InventoryHost } from '../model/inventory.js';
import { didYouMean, isOneSlip } from '../util/names.js';
import { SETTING_NAMES } from './connectionVars.js';
import { shownPlace } from './places.js';

/**
 * Hosts that are most likely others, misspelt: nothing gives them an address, while a host whose name is one letter away
 * has one, and this machine's own files do not know the name either. No DNS is asked. `ansible_host: NAME` beside such a
 * host says that it is meant.
 */
export function strayHosts(
  hosts: readonly InventoryHost[],
  isKnown: (name: string) => boolean = isKnownHere,
): readonly InputError[] {
  const placed = hosts.filter(hasAddress);
  return hosts.flatMap((host) => {
    if (hasAddress(host)) return [];
    const twins = placed.filter(({ name }) => isOneSlip(name, host.name));
    if (twins.length === 0 || isKnown(host.name)) return [];
    return [misspeltAddress(host) ?? strayFault(host, twins)];
  });
}

function strayFault({ name, at }: InventoryHost, twins: readonly InventoryHost[]): InputError {
  const names = twins.map((twin) => twin.name);
  const places = twins.flatMap((twin) => (twin.at === undefined ? [] : [`"${twin.name}" is in ${shownPlace(twin.at)}`]));
  const meant = `where "${name}" is meant and can be reached by its name, write "ansible_host: ${name}" below it`;
  return new InputError(`nothing says where the host "${name}" is${didYouMean(name, names)}`, {
    where: at,
    hint: [...places, meant].join('; '),
  });
}

/** A host whose `ansible_host` is misspelt so that it is no variable of Ansible's any more. */
function misspeltAddress({ vars, origins }: InventoryHost): InputError | undefined {
  const name = Object.keys(vars).find((one) => SETTING_NAMES.address.some((right) => isOneSlip(one, right)));
  if (name === undefined) return undefined;
  return new InputError(`there is no "${name}" here${didYouMean(name, SETTING_NAMES.address)}`, { where: origins.get(name) });
}

function hasAddress({ vars }: InventoryHost): boolean {
  return vars['ansible_connection'] === 'local' || SETTING_NAMES.address.some((name) => vars[name] !== undefined);
}

/** Whether /etc/hosts or ssh_config has a host by this name. */
function isKnownHere(name: string): boolean {
  const own = process.env['PROVISION_SSH_CONFIG'] ?? join(homedir(), '.ssh/config');
  const named = [
    wordsOf('/etc/hosts', /^[^#\s]+\s+([^#]*)/),
    ...[own, '/etc/ssh/ssh_config'].map((file) => wordsOf(file, /^\s*Host[\s=]+(.*)/i)),
  ];
  return named.some((words) => words.includes(name));
}

/** The words that a pattern finds in the lines of a file. */
function wordsOf(file: string, pattern: RegExp): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line) => pattern.exec(line)?.[1]?.split(/\s+/) ?? []);
  } catch {
    return [];
  }
}
