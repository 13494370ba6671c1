import { z } from 'zod';
import { openText, secret } from 'provision/vars';
import { networkVars } from './network.js';
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
  /**
   * Whether the answer of its `/healthz` holds its release's name, as the variable RELEASE of its environment has it: then a deployment waits for
   * that. Default: true of the project's own application.
   */
  app_health_names_release: z.boolean().optional(),
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

export type AppVars = z.output<typeof appVars>;

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
