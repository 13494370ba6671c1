import { run } from '../../../src/engine/run.js';
import { prepare } from '../../../src/cli/input/prepare.js';
import { connectionsOf } from '../../../src/inventory/connection.js';
import { loadInventory } from '../../../src/inventory/load.js';
import type { Session } from '../../../src/model/session.js';
import { sessionOpener } from '../../../src/transport/open.js';
import { packageRoot } from '../../../src/util/packageRoot.js';
import type { Rig } from '../../rig/rig.js';

/** What a run cost a host: sessions opened, and exchanges on them after the login. */
export interface Cost {
  readonly sessions: number;
  readonly exchanges: number;
}

/** Runs the site's playbook on a rig within this process, and counts. Throws where a host fails, or where it was not as it should be. */
export async function costOfSite(rig: Pick<Rig, 'inventoryFile'>): Promise<Readonly<Record<string, Cost>>> {
  const inventory = await loadInventory(rig.inventoryFile, { vault: [] });
  const connections = connectionsOf(inventory.hosts, {});
  const prepared = await prepare(`${packageRoot()}/playbooks/site.ts`, { inventory, connections }, {});
  const opener = sessionOpener({ connections, acceptNewHostKeys: false, ask: () => Promise.resolve(undefined) });
  const sessions = new Map<string, Set<Session>>();
  const unsettled: string[] = [];
  try {
    const { totals } = await run({
      ...prepared,
      dryRun: false,
      forks: 10,
      verbose: 0,
      signal: new AbortController().signal,
      report: (event) => {
        if (event.type === 'task' && event.status !== 'ok' && event.status !== 'skipped') unsettled.push(JSON.stringify(event));
      },
      openSession: async (host, user) => {
        const session = await opener.open(host, user);
        sessions.set(host, (sessions.get(host) ?? new Set()).add(session));
        return session;
      },
    });
    for (const [host, { failed, unreachable }] of Object.entries(totals)) {
      if (failed + unreachable > 0) throw new Error(`${host} failed`);
    }
    if (unsettled.length > 0) throw new Error(`the site had still something to do:\n${unsettled.join('\n')}`);
    return Object.fromEntries(
      [...sessions].map(([host, own]) => [
        host,
        { sessions: own.size, exchanges: [...own].reduce((sum, { exchanges }) => sum + exchanges, 0) },
      ]),
    );
  } finally {
    await opener.close();
  }
}
