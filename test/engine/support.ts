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
export async function runHere(book: AnyPlaybook, options: HereOptions = {}) {
  return here(book, options, async (runOptions, { sessions, events }) => {
    const outcome = await run(runOptions);
    return {
      ...outcome,
      events,
      exchanges: [...sessions].reduce((sum, session) => sum + session.exchanges, 0),
      results: resultsOf(events),
    };
  });
}

export type HereOptions = Partial<RunOptions> & { readonly names?: readonly string[] };

/** Gives `work` what a run on this machine takes, with the sessions that it opens and the events that it tells. */
export async function here<T>(
  book: AnyPlaybook,
  { names = ['here'], ...options }: HereOptions,
  work: (options: RunOptions, seen: { readonly sessions: ReadonlySet<Session>; readonly events: RunEvent[] }) => Promise<T>,
): Promise<T> {
  const opener = sessionOpener({
    connections: new Map(names.map((name) => [name, { type: 'local', address: name }])),
    acceptNewHostKeys: false,
    ask: () => Promise.resolve(undefined),
  });
  const sessions = new Set<Session>();
  const events: RunEvent[] = [];
  const runOptions: RunOptions = {
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
  };
  try {
    return await work(runOptions, { sessions, events });
  } finally {
    await opener.close();
  }
}

/** `[status, task id]` of each task event. */
function resultsOf(events: readonly RunEvent[]): readonly (readonly [string, string])[] {
  return events.flatMap((event) => (event.type === 'task' ? [[event.status, event.id] as const] : []));
}
