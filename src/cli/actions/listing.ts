import type { PlannedTask } from '../../engine/preflight.js';
import type { RunOptions } from '../../engine/run.js';
import { shownPosition } from '../../report/text.js';

type Listed = Pick<RunOptions, 'playbook' | 'playbookFile' | 'inventory' | 'selected'>;

interface What {
  readonly 'list-hosts': boolean;
  readonly 'list-tasks': boolean;
  readonly 'list-tags': boolean;
}

/** What `--list-hosts`, `--list-tasks` and `--list-tags` print: for each play its hosts, tasks and tags. */
export function listing(listed: Listed, planned: readonly PlannedTask[], what: What): string {
  const { playbook, playbookFile } = listed;
  const lines = [`playbook: ${shownPosition({ file: playbookFile })}`];
  for (const play of playbook.plays) {
    lines.push('', `  PLAY ${play.name}${play.tags.length === 0 ? '' : `  [${play.tags.join(', ')}]`}`);
    const own = planned.filter((one) => one.play === play.name);
    if (what['list-hosts']) lines.push(...section('hosts', hostsOf(listed, play.hosts)));
    if (what['list-tasks']) lines.push(...section('tasks', tasksOf(own)));
    if (what['list-tags']) lines.push(...section('tags', tagsOf(play.tags, own)));
  }
  return `${lines.join('\n')}\n`;
}

function section(title: string, items: readonly string[]): readonly string[] {
  return [`    ${title} (${items.length}):`, ...items.map((item) => `      ${item}`)];
}

function hostsOf({ inventory, selected }: Listed, groups: readonly string[]): readonly string[] {
  const members = new Set(groups.flatMap((group) => inventory.groups.get(group) ?? []));
  return selected.filter((host) => members.has(host));
}

/** Each task once, in order, with its tags and, where they differ from task to task, the hosts that have it. */
function tasksOf(planned: readonly PlannedTask[]): readonly string[] {
  const byId = new Map<string, { readonly first: PlannedTask; readonly hosts: string[] }>();
  for (const one of planned) {
    const same = byId.get(one.task.id);
    if (same === undefined) byId.set(one.task.id, { first: one, hosts: [one.host] });
    else same.hosts.push(one.host);
  }
  const every = new Set(planned.map(({ host }) => host)).size;
  return [...byId.values()].map(({ first: { task, tags }, hosts }) => {
    const name = task.name === task.id ? task.id : `${task.name} (${task.id})`;
    const on = hosts.length === every ? '' : `  on ${hosts.join(', ')}`;
    return `${name}${tags.length === 0 ? '' : `  [${tags.join(', ')}]`}${on}`;
  });
}

function tagsOf(playTags: readonly string[], planned: readonly PlannedTask[]): readonly string[] {
  return [...new Set([...playTags, ...planned.flatMap(({ tags }) => tags)])].sort();
}
