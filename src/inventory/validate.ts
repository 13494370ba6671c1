import type { z } from 'zod';
import type { Host } from '../model/host.js';
import type { Inventory, InventoryHost } from '../model/inventory.js';
import { didYouMean } from '../util/names.js';
import { isAnsibleVariable } from './connection.js';
import { KNOWN_NAMES } from './connectionVars.js';
import { FoldedFaults } from './foldedFaults.js';
import { issueText, showPath, valueAt, type IssueText } from './issueText.js';
import { missingFaults, type Missing } from './missing.js';
import { placeOf } from './places.js';
import { isVaultedPosition } from './tree.js';
import { innerIssues } from './unionIssues.js';
import { unknownKeys } from './unknownKeys.js';

/**
 * Every host with its variables as the playbook's schema makes them; `ansible_…` variables are left out, as they are
 * about the connection. A variable that the schema does not have is a fault, at any depth, unless the schema is loose or
 * has a catch-all there. Throws InputErrors with all faults of all hosts, one that several hosts share once.
 */
export function validateHosts<S extends z.ZodType>(inventory: Inventory, schema: S): readonly Host<z.output<S>>[] {
  const faults = new FoldedFaults(inventory);
  const missing: Missing[] = [];
  const hosts: Host<z.output<S>>[] = [];
  for (const host of inventory.hosts) {
    const vars = Object.fromEntries(Object.entries(host.vars).filter(([name]) => !isAnsibleVariable(name)));
    const unknown = unknownKeys(schema, vars);
    for (const { path, known } of unknown) faults.add(host, path, unknownText(path, known));
    const result = schema.safeParse(vars);
    if (result.success) hosts.push({ name: host.name, groups: host.groups, address: addressOf(host), vars: result.data });
    else for (const issue of result.error.issues.flatMap(innerIssues)) addIssue(issue, host, vars, schema, faults, missing);
  }
  for (const fault of missingFaults(missing, inventory, schema)) faults.addWhole(fault);
  faults.throwIfAny();
  return hosts;
}

function addIssue(
  issue: z.core.$ZodIssue,
  host: InventoryHost,
  vars: unknown,
  schema: z.ZodType,
  faults: FoldedFaults,
  missing: Missing[],
): void {
  const [name] = issue.path;
  if (issue.code === 'unrecognized_keys') {
    // Where the schema's kind is one that is not looked into, zod's own word is the only one.
    const reported = issue.keys.map((key) => [...issue.path, key]);
    for (const path of reported) if (!faults.has(host, path)) faults.add(host, path, unknownText(path, []));
  } else if (name === undefined) faults.add(host, [], { message: issue.message, hint: undefined });
  else if (issue.path.length === 1 && valueAt(vars, issue.path) === undefined)
    missing.push({ variable: String(name), host: host.name });
  else faults.add(host, issue.path, issueText(issue, schema, vars, isHidden(host, issue.path)));
}

function unknownText(path: readonly PropertyKey[], known: readonly string[]): IssueText {
  const name = String(path.at(-1));
  const near = didYouMean(name, path.length === 1 ? [...known, ...KNOWN_NAMES] : known);
  const what = path.length === 1 ? `the playbook has no variable "${name}"` : `"${showPath(path.slice(0, -1))}" has no "${name}"`;
  const list = path.length > 1 && known.length > 0 ? `known: ${known.join(', ')}` : undefined;
  return { message: what + near, hint: near === '' ? (list ?? "take it out, or add it to the playbook's schema") : undefined };
}

function isHidden(host: InventoryHost, path: readonly PropertyKey[]): boolean {
  const where = placeOf(host, path);
  return where !== undefined && isVaultedPosition(where);
}

function addressOf(host: InventoryHost): string {
  const address = host.vars['ansible_host'] ?? host.vars['ansible_ssh_host'];
  return typeof address === 'string' ? address : host.name;
}
