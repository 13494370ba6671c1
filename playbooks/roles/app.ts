import type { Host } from 'provision/host';
import type { TaskContext, TaskList } from 'provision/playbook';
import type { Service } from 'provision/service';
import { directory } from 'provision/tasks/directory';
import { file } from 'provision/tasks/file';
import { group } from 'provision/tasks/group';
import { packages } from 'provision/tasks/packages';
import { user } from 'provision/tasks/user';
import type { AppVars } from './appVars.js';
import { bringRelease, keepReleases, placesOf, runRelease, wantedRelease } from './appRelease.js';

/** The application: its account, its release, its unit. */
export function app(context: TaskContext<AppVars, 'db'>): TaskList {
  const { vars } = context;
  const name = vars.app_name;
  const { home, caFile } = placesOf(vars);
  const release = wantedRelease(vars);
  return [
    packages({ names: [...vars.app_packages, ...(release.kind === 'git' ? ['git'] : [])] }, { tags: ['packages'] }),
    group({ name, system: true }),
    user({ name, group: name, system: true, home, createHome: false, shell: '/usr/sbin/nologin' }),
    directory({ path: home, owner: 'root', group: 'root', mode: '0755' }),
    directory({ path: `${home}/releases`, owner: 'root', group: 'root', mode: '0755' }),
    bringRelease(context, release),
    directory({ path: `/etc/${name}`, owner: 'root', group: 'root', mode: '0755' }),
    file({ path: caFile, content: vars.ca_certificate, owner: 'root', group: 'root', mode: '0644' }),
    runRelease(context, release.id),
    keepReleases(context, [release.id]),
  ];
}

/** What the application offers to the Nginx of its host. */
export function appServices(webs: readonly Host<AppVars>[]): readonly Service[] {
  return webs.map(({ name: host, vars }): Service => ({
    host,
    name: 'app',
    title: vars.app_name,
    port: vars.app_port,
    loopback: true,
    encrypted: false,
    serves: ['application'],
    clients: [{ host, service: 'nginx' }],
  }));
}
