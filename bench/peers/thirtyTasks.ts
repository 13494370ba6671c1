import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../workload.js';
import type { PeerTask, Play } from './play.js';

const OWNED = { owner: 'root', group: 'root' };

/** The thirty tasks of W1 for Ansible, in the same order. */
export function thirtyPeerTasks(bench: Bench, firstRevision: string): Pick<Play, 'tasks' | 'vars'> {
  const templates = templatesFor(bench);
  const numbers = (length: number): readonly number[] => Array.from({ length }, (_, n) => n);
  const tasks: readonly PeerTask[] = [
    ...numbers(5).map((n) => ({
      'ansible.builtin.file': { path: `/srv/bench/d${n}`, state: 'directory', ...OWNED, mode: '0750' },
    })),
    ...numbers(10).map((n) => ({
      'ansible.builtin.template': {
        src: join(templates, `app${n}.conf.j2`),
        dest: `/srv/bench/d${n % 5}/app${n}.conf`,
        ...OWNED,
        mode: '0640',
      },
      vars: { revision: n === 0 ? firstRevision : '7' },
    })),
    ...numbers(2).map((n) => ({
      'ansible.builtin.user': { name: `bench${n}`, uid: 4200 + n, shell: '/bin/sh', home: `/home/bench${n}` },
    })),
    ...['vm.swappiness=11', 'net.core.somaxconn=2048', 'fs.file-max=262144'].map((line) => ({
      'ansible.builtin.lineinfile': { path: '/etc/sysctl.conf', line },
    })),
    ...['nginx-light', 'haproxy', 'cron', 'at', 'logrotate'].map((name) => ({
      'ansible.builtin.apt': { name, state: 'present' },
    })),
    ...['nginx.service', 'haproxy.service', 'cron.service', 'atd.service', 'logrotate.timer'].map((name) => ({
      'ansible.builtin.systemd': { name, state: 'started', enabled: true },
    })),
  ];
  return { tasks, vars: { environment_name: 'production' } };
}

/** The same templates with Jinja's tags. @returns their folder */
function templatesFor({ root, folder }: Bench): string {
  const from = join(root, 'bench/workloads/templates');
  const to = join(folder, 'templates');
  mkdirSync(to, { recursive: true });
  const names: Readonly<Record<string, string>> = {
    host: 'inventory_hostname',
    environment: 'environment_name',
    revision: 'revision',
  };
  for (const file of readdirSync(from)) {
    const [, ...lines] = readFileSync(join(from, file), 'utf8').split('\n'); // the first names the type of the variables
    const text = lines.join('\n').replaceAll(/<%= v\.(\w+) %>/g, (_, name: string) => `{{ ${names[name] ?? name} }}`);
    writeFileSync(join(to, file.replace(/ejs$/, 'j2')), text);
  }
  return to;
}
