import type { Host } from '../model/host.js';
import type { Service } from '../model/service.js';

/** What a finding is about. */
export type FindingKind =
  'single point of failure' | 'plain text' | 'firewall' | 'open port' | 'unmonitored' | 'certificate' | 'replica' | 'unreachable';

/** Something about a site that can be better, with what mends it. */
export interface Finding {
  readonly kind: FindingKind;
  /** `fault`: to be mended. `note`: to be known; it may be as it should. */
  readonly weight: 'fault' | 'note';
  /** The hosts that it is about; none where it is about the site. */
  readonly hosts: readonly string[];
  /** What it is, in a sentence without its stop. */
  readonly summary: string;
  /** The variable, group or command that mends it. */
  readonly mend: string;
}

/** What an inventory and a playbook say of a site. */
export interface Site {
  readonly hosts: readonly Host[];
  readonly services: readonly Service[];
}

/** A host's variable by its name; undefined where the playbook has no such. */
export function variableOf(host: Host | undefined, name: string): unknown {
  const { vars } = host ?? {};
  return typeof vars === 'object' && vars !== null ? new Map<string, unknown>(Object.entries(vars)).get(name) : undefined;
}
