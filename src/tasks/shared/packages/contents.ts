import { z } from 'zod';
import { UNIT_NAME } from '../../../facts/units.js';
import { absolutePath, accountName } from '../../../model/options.js';
import type { Topic } from '../../../model/topic.js';

/** A path with its owner and mode where they are not the usual ones: `/var/log/nginx root:adm 0755`. */
const placeWords = z
  .string()
  .regex(
    /^\/[^\s]+( [a-z_][a-z0-9_-]*:[a-z_][a-z0-9_-]*)?( [0-7]{4})?$/,
    "expected a path, with OWNER:GROUP and MODE where they are not root's and the usual mode: '/var/log/app app:adm 0750'",
  );

const unit = z.strictObject({
  /** `simple`, `notify`, `forking`, `oneshot` …; empty for what is no service. */
  type: z.string(),
  /** Whether it starts at boot: `enabled`, `disabled`, `static` …; `varies` where that depends on the package's version. */
  enabled: z.enum(['enabled', 'disabled', 'static', 'indirect', 'alias', 'varies']),
  /** Whether it can reload. Default false. */
  canReload: z.boolean().optional(),
  /** A oneshot that counts as active after its process has ended. Default false. */
  remains: z.boolean().optional(),
  /** Whether it runs after an installation with `services: 'started'`. Default: that depends on the host. */
  runs: z.boolean().optional(),
});

const account = z.strictObject({
  /** Its primary group. */
  group: accountName,
  /** Its home; it is there afterwards where it is `/` or one of `directories`. */
  home: absolutePath,
  /** Its shell. Default `/usr/sbin/nologin`. */
  shell: absolutePath.optional(),
  /** Default: none. */
  comment: z.string().optional(),
  /** What stands in /etc/shadow. Default `!`. */
  password: z.enum(['!', '!*', '*']).optional(),
});

const topic = z.custom<Topic>((value) => typeof value === 'string' && /^[^:]+:.+$/.test(value), 'expected kind:name');

/** The schema of what a package brings; `packages` takes it as `brings`. */
export const packageContents = z.strictObject({
  /** Its units by their whole names. */
  units: z.record(z.string().regex(UNIT_NAME, "expected a unit's name with its type, such as app.service"), unit).optional(),
  /** Its accounts. */
  users: z.record(z.string(), account).optional(),
  /** Its groups. */
  groups: z.array(accountName).optional(),
  /** Its folders: `'/etc/app'`, `'/var/log/app app:adm 0750'`. Default: root's, with mode 0755. */
  directories: z.array(placeWords).optional(),
  /** Its files; what is in them is left open. Default: root's, with mode 0644. */
  files: z.array(placeWords).optional(),
  /** Its links and what they say: `{ '/etc/app/current': '/usr/share/app' }`. */
  links: z.record(absolutePath, z.string()).optional(),
  /** More that changes, of which nothing can be said before: `'user:app'`, `'path:/var/lib/app/**'`. */
  touches: z.array(topic).optional(),
});

/** What a package brings to a host that has nothing of it, with all that it depends on. */
export type PackageContents = z.output<typeof packageContents>;

/** A path that a package brings, with its owner and mode. */
export interface Place {
  readonly path: string;
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
}

/** Reads `/var/log/nginx root:adm 0755`. */
export function placeOf(words: string, usualMode: string): Place {
  const [path = '', ...rest] = words.split(' ');
  const mode = rest.find((word) => /^\d/.test(word)) ?? usualMode;
  const [owner = 'root', group = 'root'] = rest.find((word) => word.includes(':'))?.split(':') ?? [];
  return { path, owner, group, mode };
}
