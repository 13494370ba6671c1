import { resolve } from 'node:path';
import { formatPosition, type InputError } from '../../model/errors.js';
import type { HostsValidated, HostsValidation } from './allHosts.js';
import { typesOf } from './types.js';

export interface Validation extends Pick<HostsValidation, 'playbooks' | 'inventories' | 'withSecrets'> {
  /** What else goes into the inventories. It is asked for once the compiler is at work. */
  readonly sources: () => Promise<Pick<HostsValidation, 'extraVars' | 'vault'>>;
}

/** How many of each were looked at. */
export interface Checked {
  readonly playbooks: number;
  /** Modules that the playbooks are made of, themselves left out. */
  readonly roles: number;
  readonly templates: number;
  readonly inventories: number;
  readonly hosts: number;
}

export interface Validated {
  readonly faults: readonly InputError[];
  readonly notes: readonly string[];
  readonly checked: Checked;
}

/** Checks playbooks, roles, templates and inventories as far as it goes without a network. Everything that is wrong is told at once. */
export async function validate(validation: Validation): Promise<Validated> {
  const playbooks = validation.playbooks.map((file) => resolve(file));
  // The compiler takes longest: it is begun before what checks the hosts is even loaded.
  const [types, hosts] = await Promise.all([typesOf(playbooks), hostsOf(validation)]);
  return {
    faults: told(types.faults, hosts.faults),
    notes: hosts.notes,
    checked: {
      playbooks: playbooks.length,
      roles: types.modules.filter((file) => !playbooks.includes(file)).length,
      templates: types.templates,
      inventories: validation.inventories.length,
      hosts: hosts.hosts,
    },
  };
}

/** Each fault once. What the compiler says of a line stands for what the run says of it. */
function told(types: readonly InputError[], hosts: readonly InputError[]): readonly InputError[] {
  const lineOf = ({ where }: InputError): string | undefined =>
    where?.line === undefined ? undefined : `${resolve(where.file)}:${where.line}`;
  const lines = new Set(types.map(lineOf));
  const others = hosts.filter((fault) => lineOf(fault) === undefined || !lines.has(lineOf(fault)));
  const keyed = [...types, ...others].map((fault): [string, InputError] => [
    `${fault.where === undefined ? '' : formatPosition(fault.where)} ${fault.message}`,
    fault,
  ]);
  return [...new Map(keyed).values()];
}

async function hostsOf({ sources, ...validation }: Validation): Promise<HostsValidated> {
  const { checkAllHosts } = await import('./allHosts.js');
  return checkAllHosts({ ...validation, ...(await sources()) });
}
