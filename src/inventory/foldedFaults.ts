import { InputError, formatPosition, type SourcePosition } from '../model/errors.js';
import type { Inventory, InventoryHost } from '../model/inventory.js';
import { Faults } from './faults.js';
import type { IssueText } from './issueText.js';
import { listNames, placeOf } from './places.js';

interface Folded {
  readonly path: readonly PropertyKey[];
  readonly where: SourcePosition | undefined;
  readonly text: IssueText;
  readonly hosts: string[];
}

/** Faults of hosts' variables, those with the same words about the same place told once. */
export class FoldedFaults {
  readonly #folded = new Map<string, Folded>();
  readonly #paths = new Set<string>();
  readonly #whole: InputError[] = [];

  constructor(readonly inventory: Inventory) {}

  /** Adds a fault of one host. */
  add(host: InventoryHost, path: readonly PropertyKey[], text: IssueText): void {
    const where = placeOf(host, path);
    this.#paths.add(JSON.stringify([host.name, ...path.map(String)]));
    const key = JSON.stringify([where === undefined ? '' : formatPosition(where), text.message]);
    const folded = this.#folded.get(key);
    if (folded === undefined) this.#folded.set(key, { path, where, text, hosts: [host.name] });
    else folded.hosts.push(host.name);
  }

  /** Adds a fault that is no single host's. */
  addWhole(fault: InputError): void {
    this.#whole.push(fault);
  }

  /** Whether a host has a fault of this very part. */
  has(host: InventoryHost, path: readonly PropertyKey[]): boolean {
    return this.#paths.has(JSON.stringify([host.name, ...path.map(String)]));
  }

  /** Throws all of them as InputErrors, where there are any: those in files first, by place. */
  throwIfAny(): void {
    const faults = new Faults();
    const byPlace = (a: Folded, b: Folded) =>
      compare(a.where?.file ?? '\uffff', b.where?.file ?? '\uffff') ||
      (a.where?.line ?? 0) - (b.where?.line ?? 0) ||
      (a.where?.column ?? 0) - (b.where?.column ?? 0);
    for (const { path, where, text, hosts } of [...this.#folded.values()].sort(byPlace)) {
      // A place says which hosts are meant, unless others have the same value and are well with it.
      const some = this.#hostsAt(path, where) > hosts.length;
      const message = where === undefined || some ? `${listNames(hosts)}: ${text.message}` : text.message;
      faults.add(new InputError(message, { where: where ?? { file: this.inventory.file }, hint: text.hint }));
    }
    for (const fault of this.#whole) faults.add(fault);
    faults.throwIfAny();
  }

  #hostsAt(path: readonly PropertyKey[], where: SourcePosition | undefined): number {
    if (where === undefined) return 0;
    const place = formatPosition(where);
    return this.inventory.hosts.filter((host) => {
      const its = placeOf(host, path);
      return its !== undefined && formatPosition(its) === place;
    }).length;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
