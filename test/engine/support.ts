import { userInfo } from 'node:os';
import type { RunEvent } from '../../src/model/event.js';
import { playbook, type AnyPlaybook, type TaskList } from '../../src/model/playbook.js';
import type { Session } from '../../src/model/session.js';
import { run, type RunOptions } from '../../src/engine/run.js';
import { sessionOpener } from '../../src/transport/open.js';
import { z } from 'zod';

/** A playbook of one play for all hosts. */
export function onePlay(tasks: (host: string) => TaskList): AnyPlaybook {
  return playbook({
    vars: z.looseObject({}),
    groups: [],
    plays: [{ name: 'the play', hosts: 'all', user: userInfo().username, tasks: ({ host }) => tasks(host.name) }],
  });
}

/** Runs a playbook on this machine, as one or several hosts, through real shells. */
export async function runHere(
  book: AnyPlaybook,
  { names = ['here'], ...options }: Partial<RunOptions> & { names?: readonly string[] } = {},
) {
  const opener = sessionOpener({
    connections: new Map(names.map((name) => [name, { type: 'local', address: name }])),
    acceptNewHostKeys: false,
    ask: () => Promise.resolve(undefined),
  });
  const sessions = new Set<Session>();
  const events: RunEvent[] = [];
  try {
    const outcome = await run({
      playbook: book,
      playbookFile: 'playbooks/site.ts',
      inventory: { file: 'test', hosts: [], groups: new Map([['all', names]]) },
      hosts: names.map((name) => ({ name, groups: ['all'], address: name, vars: {} })),
      selected: names,
      dryRun: false,
      forks: 5,
      tags: [],
      skipTags: [],
      openSession: async (host, user) => {
        const session = await opener.open(host, user);
        sessions.add(session);
        return session;
      },
      verbose: 0,
      signal: new AbortController().signal,
      report: (event) => events.push(event),
      ...options,
    });
    return {
      ...outcome,
      events,
      exchanges: [...sessions].reduce((sum, session) => sum + session.exchanges, 0),
      results: resultsOf(events),
    };
  } finally {
    await opener.close();
  }
}

/** `[status, task id]` of each task event. */
function resultsOf(events: readonly RunEvent[]): readonly (readonly [string, string])[] {
  return events.flatMap((event) => (event.type === 'task' ? [[event.status, event.id] as const] : []));
}
