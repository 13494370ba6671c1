import { z } from 'zod';
import type { Releases } from 'provision/facts/releases';
import type { TaskContext, TaskList } from 'provision/playbook';
import { command } from 'provision/tasks/command';
import { haproxyServer } from 'provision/tasks/haproxyServer';
import { link } from 'provision/tasks/link';
import { on } from 'provision/task';
import type { AppVars } from './appVars.js';
import { bringRelease, keepReleases, placesOf, runRelease, wantedRelease } from './appRelease.js';

/** Variables of deployments. */
export const deployVars = z.object({
  /**
   * A command in a new release's folder, with the application's environment and as its account, before any host runs the release: the
   * migrations of a database. It runs once, on the first web server.
   */
  app_migration: z.string().min(1).optional(),
  /** With `playbooks/rollback.ts`: the release to go back to. Default: the one that ran before. */
  app_rollback_to: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, 'expected the name of a release')
    .optional(),
});

type Context = TaskContext<AppVars & z.output<typeof deployVars>, 'db' | 'web' | 'lb', { releases: Releases }>;

/** The backend of the web servers, as haproxy.cfg.ejs calls it. */
const BACKEND = 'be_web';

/**
 * A web server's new release: its files are brought while it serves, then every load balancer takes the server out, the release runs and
 * answers, and the server is put back. One that runs it already is only made sure of.
 */
export function deploy(context: Context): TaskList {
  const release = wantedRelease(context.vars);
  const { current } = releasesOf(context);
  // A deployment that died may have left it taken out.
  if (current === release.id) return [runRelease(context, release.id), serve(context)];
  return [
    bringRelease(context, release),
    migrate(context, release.id),
    switchTo(context, release.id),
    keepReleases(context, [release.id, ...(current === undefined ? [] : [current])]),
  ];
}

/** Back to the release that ran before, or to the one that is asked for, in the same way. */
export function rollback(context: Context): TaskList {
  const { current, previous, all } = releasesOf(context);
  // Nothing is known before the host was asked.
  if (current === undefined) return [];
  const wanted = context.vars.app_rollback_to ?? previous;
  if (wanted === undefined)
    throw new Error(`no release ran before ${current}: name one with -e app_rollback_to=…, of ${all.join(', ')}`);
  if (!all.includes(wanted)) throw new Error(`the release ${wanted} is not there any more: there are ${all.join(', ')}`);
  return current === wanted ? [runRelease(context, wanted), serve(context)] : switchTo(context, wanted);
}

/**
 * For a host that did not come through: the release of before runs again, and it serves again. Of one that cannot be reached only the load
 * balancers are told: their checks keep it out as long as it is away, and it serves by itself when it is back.
 */
export function bringBack(context: Context): TaskList {
  const { current } = releasesOf(context);
  return [current === undefined ? [] : runRelease(context, current), serve(context)];
}

function switchTo(context: Context, id: string): TaskList {
  const { home } = placesOf(context.vars);
  const { current } = releasesOf(context);
  return [
    drain(context),
    current === undefined ? [] : link({ path: `${home}/previous`, target: `releases/${current}` }),
    runRelease(context, id),
    serve(context),
  ];
}

/** Every load balancer lets the server end what it has, unless nobody else would serve. */
function drain({ host, hosts }: Context): TaskList {
  return hosts('lb').map((balancer) =>
    on(balancer.name, haproxyServer({ backend: BACKEND, server: host.name, state: 'drain', othersUp: 1, temporary: true })),
  );
}

/** Every load balancer sends it requests again, and sees it up. */
function serve({ host, hosts }: Context): TaskList {
  return hosts('lb').map((balancer) => on(balancer.name, haproxyServer({ backend: BACKEND, server: host.name, state: 'ready' })));
}

/** Once for a release, on the first web server, as the application's account. */
function migrate({ host, vars, hosts }: Context, id: string): TaskList {
  if (vars.app_migration === undefined || hosts('web')[0]?.name !== host.name) return [];
  const { home, environmentFile } = placesOf(vars);
  const done = `${home}/migrated-${id}`;
  const argv = ['systemd-run', '--pipe', '--wait', '--quiet', '--collect'].concat(
    [`User=${vars.app_name}`, `EnvironmentFile=${environmentFile}`, `WorkingDirectory=${home}/releases/${id}`].flatMap((one) => [
      '-p',
      one,
    ]),
  );
  const script = '"$@" && touch "$0"';
  return [
    command(
      {
        name: `migrate to ${id}`,
        argv: ['sh', '-c', script, done, ...argv, 'sh', '-c', vars.app_migration],
        creates: done,
        // Of the hosts it changes nothing else.
        touches: [`path:${done}`],
        live: true,
      },
      { name: 'migration' },
    ),
  ];
}

function releasesOf({ vars, facts }: Context) {
  return facts.releases.get(vars.app_name) ?? { current: undefined, previous: undefined, all: [] };
}
