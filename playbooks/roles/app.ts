import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Host } from 'provision/host';
import type { TaskContext, TaskList } from 'provision/playbook';
import type { Service } from 'provision/service';
import { directory } from 'provision/tasks/directory';
import { file } from 'provision/tasks/file';
import { git } from 'provision/tasks/git';
import { group } from 'provision/tasks/group';
import { keepNewest } from 'provision/tasks/keepNewest';
import { link } from 'provision/tasks/link';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { template } from 'provision/tasks/template';
import { tree } from 'provision/tasks/tree';
import { user } from 'provision/tasks/user';
import { waitFor } from 'provision/tasks/waitFor';
import { openText, secret } from 'provision/vars';
import { networkVars } from './network.js';
import { OWN_APP, releaseOf } from './release.js';
import { siteVars } from './site.js';

/** Variables of the application. */
export const appVars = z.object({
  ...siteVars.shape,
  ...networkVars.shape,
  /** The application: a folder on the controller, or a git repository that the hosts can reach. Default: the project's own small service. */
  app_source: z.string().optional(),
  /** For a repository: the branch, tag or commit. For a folder: the release's name. Default: `HEAD`; a hash of the folder. */
  app_version: z
    .string()
    .regex(/^[A-Za-z0-9._/-]+$/, 'expected a branch, tag, commit or release name')
    .optional(),
  /** Packages that the application needs. */
  app_packages: z.array(z.string()).default(['nodejs']),
  /** How it is started, in its release's folder. The first word is a path. */
  app_command: z
    .string()
    .startsWith('/', { error: 'expected a command that starts with an absolute path' })
    .default('/usr/bin/node server.js'),
  /** The port on which it listens, on the loopback address. */
  app_port: z.number().int().min(1024).max(65535).default(8080),
  /** More environment variables for it. */
  app_environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected a name such as LOG_LEVEL'), z.string()).default({}),
  /** How many releases stay on a host, the running one among them. */
  app_keep_releases: z.number().int().min(1).default(5),
  /** The application's database. */
  mysql_app_database: z.string().default('app'),
  /** The application's account on the database servers. */
  mysql_app_user: z.string().default('app'),
  /** The password of that account. */
  mysql_app_password: secret(),
  /** The site's own authority, in PEM: what the database servers' certificates are checked against. */
  ca_certificate: openText(z.string().startsWith('-----BEGIN CERTIFICATE-----', { error: 'expected a certificate in PEM' })),
});

type AppVars = z.output<typeof appVars>;

/** What app.env.ejs is given. */
export interface AppEnvironmentTemplate {
  readonly app: AppVars;
  readonly release: string;
  readonly caFile: string;
  readonly databases: readonly string[];
}

/** What app.service.ejs is given. */
export interface AppUnitTemplate {
  readonly name: string;
  readonly command: string;
  readonly environmentFile: string;
}

/** The application: its account, its release, its unit. */
export function app({ vars, hosts }: TaskContext<AppVars, 'db'>): TaskList {
  const name = vars.app_name;
  const home = `/srv/${name}`;
  const release = releaseOf(vars.app_source ?? ownApp(), vars.app_version);
  const releaseFolder = `${home}/releases/${release.id}`;
  const environmentFile = `/etc/${name}/app.env`;
  const caFile = `/etc/${name}/ca.pem`;
  const unit = `${name}.service`;
  const environment: AppEnvironmentTemplate = {
    app: vars,
    release: release.id,
    caFile,
    databases: hosts('db').map((db) => db.name),
  };
  const unitVars: AppUnitTemplate = { name, command: vars.app_command, environmentFile };
  return [
    packages({ names: [...vars.app_packages, ...(release.kind === 'git' ? ['git'] : [])] }, { tags: ['packages'] }),
    group({ name, system: true }),
    user({ name, group: name, system: true, home, createHome: false, shell: '/usr/sbin/nologin' }),
    directory({ path: home, owner: 'root', group: 'root', mode: '0755' }),
    directory({ path: `${home}/releases`, owner: 'root', group: 'root', mode: '0755' }),
    release.kind === 'folder'
      ? tree({ src: release.folder, path: releaseFolder, delete: true })
      : git({ repo: release.repository, path: releaseFolder, version: release.version }),
    directory({ path: `/etc/${name}`, owner: 'root', group: 'root', mode: '0755' }),
    file({ path: caFile, content: vars.ca_certificate, owner: 'root', group: 'root', mode: '0644' }),
    template({ src: 'app.env.ejs', path: environmentFile, vars: { ...environment }, owner: 'root', group: name, mode: '0640' }),
    link({ path: `${home}/current`, target: `releases/${release.id}` }),
    systemdUnit({ name: unit, src: 'app.service.ejs', vars: { ...unitVars } }),
    service({
      name: unit,
      state: 'running',
      enabled: true,
      restartWhen: [environmentFile, caFile, `/etc/systemd/system/${unit}`],
    }),
    waitFor({ url: `http://127.0.0.1:${vars.app_port}/healthz`, status: 200, timeoutSeconds: 120 }, { name: `${name} answers` }),
    keepNewest({ path: `${home}/releases`, keep: vars.app_keep_releases, always: [release.id] }, { name: 'old releases' }),
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

/** The project's own application: beside the playbooks in a clone, and compiled beside them in the published package. */
function ownApp(): string {
  const candidates = ['../..', '../../..'].map((up) => fileURLToPath(new URL(`${up}/${OWN_APP}`, import.meta.url)));
  const built = candidates.find((folder) => existsSync(folder));
  if (built === undefined) throw new Error(`the application is not built: npm run build makes ${OWN_APP}`);
  return built;
}
