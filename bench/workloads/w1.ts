import { z } from 'zod';
import { playbook, type TaskContext, type TaskList } from 'provision/playbook';
import { directory } from 'provision/tasks/directory';
import { lineInFile } from 'provision/tasks/lineInFile';
import { packages } from 'provision/tasks/packages';
import { service } from 'provision/tasks/service';
import { template } from 'provision/tasks/template';
import { user } from 'provision/tasks/user';

/** What the templates app0.conf.ejs to app9.conf.ejs are given. */
export interface AppTemplate {
  readonly host: string;
  readonly environment: string;
  readonly revision: number;
}

const vars = z.object({
  /** A number in every file; another one changes all of them. */
  bench_revision: z.int().default(7),
  /** The number in the first file, where it is to have another one. */
  bench_first_revision: z.int().default(7),
});

const owned = { owner: 'root', group: 'root' } as const;

/** Thirty tasks of the usual kinds, each on its own: nothing is bundled that a user would write apart. */
function thirtyTasks({ host, vars: { bench_revision, bench_first_revision } }: TaskContext<z.output<typeof vars>>): TaskList {
  const app: AppTemplate = { host: host.name, environment: 'production', revision: bench_revision };
  return [
    [0, 1, 2, 3, 4].map((n) => directory({ path: `/srv/bench/d${n}`, ...owned, mode: '0750', parents: true })),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) =>
      template({
        src: `app${n}.conf.ejs`,
        path: `/srv/bench/d${n % 5}/app${n}.conf`,
        vars: n === 0 ? { ...app, revision: bench_first_revision } : { ...app },
        ...owned,
        mode: '0640',
      }),
    ),
    [0, 1].map((n) => user({ name: `bench${n}`, uid: 4200 + n, shell: '/bin/sh', home: `/home/bench${n}` })),
    ['vm.swappiness=11', 'net.core.somaxconn=2048', 'fs.file-max=262144'].map((line) =>
      lineInFile({ path: '/etc/sysctl.conf', line }),
    ),
    ['nginx-light', 'haproxy', 'cron', 'at', 'logrotate'].map((name) => packages({ name })),
    ['nginx.service', 'haproxy.service', 'cron.service', 'atd.service', 'logrotate.timer'].map((name) =>
      service({ name, state: 'running', enabled: true }),
    ),
  ];
}

/** The workload of W1, W2 and W6. */
export default playbook({ vars, groups: [], plays: [{ name: 'Thirty tasks', hosts: 'all', tasks: thirtyTasks }] });
