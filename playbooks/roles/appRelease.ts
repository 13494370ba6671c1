import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TaskContext } from 'provision/playbook';
import type { Task } from 'provision/task';
import { git } from 'provision/tasks/git';
import { keepNewest } from 'provision/tasks/keepNewest';
import { link } from 'provision/tasks/link';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { template } from 'provision/tasks/template';
import { tree } from 'provision/tasks/tree';
import { waitFor } from 'provision/tasks/waitFor';
import type { AppEnvironmentTemplate, AppUnitTemplate, AppVars } from './appVars.js';
import { OWN_APP, releaseOf, type Release } from './release.js';

type Context = TaskContext<AppVars, 'db'>;

/** How long a release may take until it answers, in seconds. */
const STARTS_WITHIN = 120;

/** Where the application is on a host. */
export interface AppPlaces {
  readonly home: string;
  readonly environmentFile: string;
  readonly caFile: string;
}

export function placesOf({ app_name: name }: AppVars): AppPlaces {
  return { home: `/srv/${name}`, environmentFile: `/etc/${name}/app.env`, caFile: `/etc/${name}/ca.pem` };
}

/** The release that the variables ask for. */
export function wantedRelease(vars: AppVars): Release {
  return releaseOf(vars.app_source ?? ownApp(), vars.app_version);
}

/** A release's files, in a folder of their own beside those that run. */
export function bringRelease({ vars }: Context, release: Release): readonly Task[] {
  const path = `${placesOf(vars).home}/releases/${release.id}`;
  return [
    release.kind === 'folder'
      ? tree({ src: release.folder, path, delete: true })
      : git({ repo: release.repository, path, version: release.version }),
  ];
}

/** Runs a release whose files are there, and waits until it answers. */
export function runRelease({ vars, hosts }: Context, id: string): readonly Task[] {
  const name = vars.app_name;
  const unit = `${name}.service`;
  const { home, environmentFile, caFile } = placesOf(vars);
  const environment: AppEnvironmentTemplate = { app: vars, release: id, caFile, databases: hosts('db').map((db) => db.name) };
  const unitVars: AppUnitTemplate = { name, command: vars.app_command, environmentFile };
  const named = vars.app_health_names_release ?? vars.app_source === undefined;
  return [
    template({ src: 'app.env.ejs', path: environmentFile, vars: { ...environment }, owner: 'root', group: name, mode: '0640' }),
    link({ path: `${home}/current`, target: `releases/${id}` }),
    systemdUnit({ name: unit, src: 'app.service.ejs', vars: { ...unitVars } }),
    service({
      name: unit,
      state: 'running',
      enabled: true,
      restartWhen: [environmentFile, caFile, `/etc/systemd/system/${unit}`],
      listens: [vars.app_port],
    }),
    waitFor(
      {
        url: `http://127.0.0.1:${vars.app_port}/healthz`,
        status: 200,
        ...(named ? { contains: `"release":"${id}"` } : {}),
        timeoutSeconds: STARTS_WITHIN,
      },
      { name: `${name} answers` },
    ),
  ];
}

/** Old releases go, but for these and the newest ones. */
export function keepReleases({ vars }: Context, always: readonly string[]): readonly Task[] {
  const path = `${placesOf(vars).home}/releases`;
  return [keepNewest({ path, keep: vars.app_keep_releases, always: [...always] }, { name: 'old releases' })];
}

/** The project's own application: beside the playbooks in a clone, and compiled beside them in the published package. */
function ownApp(): string {
  const candidates = ['../..', '../../..'].map((up) => fileURLToPath(new URL(`${up}/${OWN_APP}`, import.meta.url)));
  const built = candidates.find((folder) => existsSync(folder));
  if (built === undefined) throw new Error(`the application is not built: npm run build makes ${OWN_APP}`);
  return built;
}
