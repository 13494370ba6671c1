import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { InputError, type SourcePosition } from '../model/errors.js';
import type { Connection } from '../model/host.js';
import type { InventoryHost } from '../model/inventory.js';
import { didYouMean } from '../util/names.js';
import { Secret } from '../util/secret.js';
import {
  IGNORED,
  KNOWN_NAMES,
  SETTING_NAMES,
  SHOWN_SETTINGS,
  connectionSchema,
  type ConnectionSetting,
} from './connectionVars.js';
import { Faults } from './faults.js';
import { expandHome } from './paths.js';
import { strayHosts } from './strayHosts.js';

/** What the command line says about every host; it wins over the inventory. */
export interface ConnectionOverrides {
  readonly user?: string | undefined;
  /** Relative to the working folder. */
  readonly privateKeyFile?: string | undefined;
  readonly password?: Secret | undefined;
  readonly becomePassword?: Secret | undefined;
}

/**
 * How a host is reached, out of its `ansible_…` variables. Files are relative to the inventory's folder, or to the working
 * folder where they are only there. Throws InputErrors for wrong values, for unknown `ansible_…` variables, and for those
 * whose meaning cannot be kept.
 */
export function connectionOf(host: InventoryHost, overrides: ConnectionOverrides = {}): Connection {
  const faults = new Faults();
  const said = settingsOf(host, faults);
  faults.throwIfAny();
  const privateKeyFile = overrides.privateKeyFile === undefined ? undefined : resolve(expandHome(overrides.privateKeyFile));
  return {
    type: said.type ?? 'ssh',
    address: said.address ?? host.name,
    port: said.port,
    user: overrides.user ?? said.user,
    privateKeyFile: privateKeyFile ?? locate(said.privateKeyFile, originOf(host, 'privateKeyFile')),
    password: overrides.password ?? said.password,
    becomePassword: overrides.becomePassword ?? said.becomePassword,
    knownHostsFile: locate(said.knownHostsFile, originOf(host, 'knownHostsFile')),
    connectTimeoutSeconds: said.connectTimeoutSeconds,
  };
}

/** The connections of all hosts of an inventory. What is wrong with several of them is told once, all together, as InputErrors. */
export function connectionsOf(
  hosts: readonly InventoryHost[],
  overrides: ConnectionOverrides = {},
): ReadonlyMap<string, Connection> {
  const faults = new Faults();
  const connections = new Map<string, Connection>();
  for (const host of hosts) {
    try {
      connections.set(host.name, connectionOf(host, overrides));
    } catch (thrown) {
      faults.addThrown(thrown);
    }
  }
  for (const stray of strayHosts(hosts)) faults.add(stray);
  faults.throwIfAny();
  return connections;
}

/** Whether a variable is Ansible's own: about the connection, and not the playbook's. */
export function isAnsibleVariable(name: string): boolean {
  return name.startsWith('ansible_');
}

function settingsOf(host: InventoryHost, faults: Faults): Partial<ReturnType<typeof connectionSchema.parse>> {
  const values: Partial<Record<ConnectionSetting, unknown>> = {};
  const settings = Object.keys(SETTING_NAMES) as ConnectionSetting[];
  for (const setting of settings) {
    const [name, second] = SETTING_NAMES[setting].filter((one) => host.vars[one] !== undefined && host.vars[one] !== null);
    if (name === undefined) continue;
    if (second !== undefined)
      faults.add(
        fault(host, second, `"${second}" and "${name}" mean the same, and the host ${host.name} has both`, `keep "${name}"`),
      );
    const value = host.vars[name];
    if (value instanceof Secret && SHOWN_SETTINGS.includes(setting)) {
      faults.add(
        fault(host, name, `"${name}" is a secret, and it shows on the screen`, 'put it into a file that is not vaulted'),
      );
      continue;
    }
    values[setting] = value;
    const parsed = connectionSchema.shape[setting].safeParse(value);
    if (parsed.success) continue;
    const found = SHOWN_SETTINGS.includes(setting) ? `, found ${JSON.stringify(value)}` : '';
    faults.add(fault(host, name, `"${name}": ${parsed.error.issues[0]?.message ?? 'not a valid value'}${found}`));
  }
  for (const [name, value] of Object.entries(host.vars)) if (isAnsibleVariable(name)) judgeName(host, name, value, faults);
  const parsed = connectionSchema.safeParse(values);
  return parsed.success ? parsed.data : {};
}

function judgeName(host: InventoryHost, name: string, value: unknown, faults: Faults): void {
  if (!KNOWN_NAMES.includes(name)) {
    const near = didYouMean(name, KNOWN_NAMES);
    const hint =
      near === ''
        ? `known: ${Object.values(SETTING_NAMES)
            .map(([first]) => first)
            .join(', ')}`
        : undefined;
    faults.add(fault(host, name, `there is no "${name}" here${near}`, hint));
    return;
  }
  const advice = IGNORED[name]?.(value);
  if (advice === undefined) return;
  const shown = typeof value === 'string' || typeof value === 'boolean' ? `: ${String(value)}` : '';
  faults.add(fault(host, name, `"${name}${shown}" has no meaning here`, advice));
}

function fault(host: InventoryHost, name: string, message: string, hint?: string): InputError {
  return new InputError(message, { where: host.origins.get(name), hint });
}

function originOf(host: InventoryHost, setting: ConnectionSetting): SourcePosition | undefined {
  return SETTING_NAMES[setting].map((name) => host.origins.get(name)).find((origin) => origin !== undefined);
}

function locate(path: string | undefined, origin: SourcePosition | undefined): string | undefined {
  if (path === undefined) return undefined;
  const expanded = expandHome(path);
  if (isAbsolute(expanded) || origin === undefined) return resolve(expanded);
  const beside = resolve(inventoryFolder(origin.file), expanded);
  // One that is nowhere is missed where the inventory puts it.
  return !existsSync(beside) && existsSync(resolve(expanded)) ? resolve(expanded) : beside;
}

/** The folder of the inventory that a file belongs to: that of the file, or above its `group_vars` or `host_vars`. */
function inventoryFolder(file: string): string {
  for (let folder = resolve(dirname(file)); folder !== dirname(folder); folder = dirname(folder)) {
    if (['group_vars', 'host_vars'].includes(basename(folder))) return dirname(folder);
  }
  return dirname(resolve(file));
}
