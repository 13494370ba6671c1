import { basename, extname } from 'node:path';
import { loadPlaybook } from '../playbook/load.js';
import type { RunOptions } from '../../engine/run.js';
import { selectHosts } from '../../inventory/pattern.js';
import { requireGroups } from '../../inventory/requireGroups.js';
import { validateHosts } from '../../inventory/validate.js';
import type { Inventory } from '../../model/inventory.js';
import { timed, timedSync } from '../../util/timing.js';
import type { Loaded } from './load.js';

/** A playbook with the hosts and tasks that are chosen of it. */
export type Prepared = Pick<
  RunOptions,
  'playbook' | 'playbookFile' | 'inventory' | 'hosts' | 'selected' | 'tags' | 'skipTags' | 'startAtTask' | 'journal'
>;

/** The command line's choice of hosts and tasks. */
export interface Selection {
  readonly limit?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly 'skip-tags'?: readonly string[] | undefined;
  readonly 'start-at-task'?: string | undefined;
}

/** Loads a playbook and checks the inventory against it. Throws InputError. */
export async function prepare(playbookFile: string, { inventory }: Loaded, choice: Selection): Promise<Prepared> {
  const playbook = await timed('playbook', undefined, () => loadPlaybook(playbookFile));
  requireGroups(inventory, { ...playbook, file: playbookFile });
  const hosts = timedSync('inventory', undefined, () => validateHosts(inventory, playbook.vars));
  return {
    playbook,
    playbookFile,
    inventory,
    hosts,
    selected: chosenHosts(inventory, choice.limit),
    tags: choice.tags ?? [],
    skipTags: choice['skip-tags'] ?? [],
    startAtTask: choice['start-at-task'],
    journal: journalName(playbookFile),
  };
}

/** The names of the hosts that `--limit` leaves, in the inventory's order. Throws InputError. */
export function chosenHosts(inventory: Inventory, limit: string | undefined): readonly string[] {
  return limit === undefined ? inventory.hosts.map((host) => host.name) : selectHosts(inventory, limit);
}

/** What hosts call their journal of a playbook: its file's name, so that it is the same from every checkout. */
function journalName(playbookFile: string): string {
  return basename(playbookFile, extname(playbookFile)).replaceAll(/[^A-Za-z0-9._-]/g, '-');
}
