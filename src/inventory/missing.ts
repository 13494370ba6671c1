import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { InputError } from '../model/errors.js';
import type { Inventory } from '../model/inventory.js';
import { listNames } from './places.js';
import { describeSchema, shapeOf, takesSecret } from './schema.js';

/** A required variable that a host has not. */
export interface Missing {
  readonly variable: string;
  readonly host: string;
}

/** One fault for each variable that is missing: which hosts lack it, what it is, and the file to put it in. */
export function missingFaults(missing: readonly Missing[], inventory: Inventory, schema: z.ZodType): readonly InputError[] {
  const variables = [...new Set(missing.map(({ variable }) => variable))];
  return variables.map((variable) => {
    const hosts = missing.filter((one) => one.variable === variable).map(({ host }) => host);
    const declared = shapeOf(schema, {})?.keys.get(variable)?.[0];
    const every = hosts.length === inventory.hosts.length && hosts.length > 1;
    const who = every ? 'every host' : listNames(hosts);
    const description = declared?.description === undefined ? '' : `: ${declared.description}`;
    const kind = declared === undefined ? '' : ` (${describeSchema(declared)}${description})`;
    const secret =
      declared !== undefined && takesSecret(declared) ? ', vaulted (ansible-vault encrypt_string) or as !env NAME' : '';
    return new InputError(`the variable "${variable}"${kind} is missing for ${who}`, {
      where: { file: inventory.file },
      hint: `set it in ${fileFor(hosts, inventory)}${secret}`,
    });
  });
}

/** Where a variable of these hosts belongs: with the smallest group that has just them in it, or with each host. */
function fileFor(hosts: readonly string[], inventory: Inventory): string {
  const [only] = hosts;
  if (hosts.length === 1 && only !== undefined && inventory.hosts.length > 1) return pathFor('host_vars', only, inventory);
  const lacking = new Set(hosts);
  const group = [...inventory.groups].find(
    ([name, members]) =>
      name !== 'ungrouped' && members.length === hosts.length && members.every((member) => lacking.has(member)),
  );
  if (group !== undefined) return pathFor('group_vars', group[0], inventory);
  return listNames(
    hosts.map((host) => pathFor('host_vars', host, inventory)),
    3,
  );
}

function pathFor(folder: string, name: string, inventory: Inventory): string {
  const base =
    statSync(inventory.file, { throwIfNoEntry: false })?.isDirectory() === true ? inventory.file : dirname(inventory.file);
  const path = join(base, folder, name);
  const there = ['.yml', '.yaml', '.json']
    .map((ending) => path + ending)
    .find((file) => statSync(file, { throwIfNoEntry: false }) !== undefined);
  if (there !== undefined) return there;
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? `${path}/` : `${path}.yml`;
}
