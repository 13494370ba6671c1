import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../src/util/shell.js';
import { atOnce, sshWith, X25519 } from '../floor.js';
import { measure } from '../measure.js';
import { CHANGED, runPlaybook, UNCHANGED } from '../ours.js';
import type { PeerTask } from '../peers/play.js';
import type { Bench, Command, PeerWay, Workload } from '../workload.js';

function floor(bench: Bench, tasks: number, options: readonly string[], code: number): Command {
  const script = readFileSync(join(bench.root, 'bench/workloads/w3-remote.sh'), 'utf8');
  const remote = (host: string): string => `sudo -n sh -c ${quote(script)} w3 ${host} ${tasks / 2}`;
  return atOnce(
    bench,
    bench.hosts.map((host) => [...sshWith(host, options), remote(host.name)]),
    code,
  );
}

function ours(bench: Bench, tasks: number, code: number): Command {
  return runPlaybook(bench, 'w3.ts', code, ['-e', `bench_tasks=${tasks}`]);
}

function peerTasks(tasks: number): readonly PeerTask[] {
  const numbers = Array.from({ length: tasks / 2 }, (_, n) => n);
  return [
    ...numbers.map((n) => ({ 'ansible.builtin.file': { path: `/srv/small/d${n}`, state: 'directory', mode: '0755' } })),
    ...numbers.map((n) => {
      const content = `file ${n} of {{ inventory_hostname }}\n`;
      return { 'ansible.builtin.copy': { dest: `/srv/small/d${n}/f${n}`, content, mode: '0644' } };
    }),
  ];
}

/** The floor makes all, on a bare place; each tool's unmeasured turn then proves that nothing is left to do. */
async function converge(bench: Bench, tasks: number): Promise<void> {
  await bench.everywhere('rm -rf /srv/small /wide/*/srv/small');
  await measure(floor(bench, tasks, X25519, CHANGED));
}

/** What of Ansible is measured: each host and task of it takes so long that the others would take hours. */
function isBearable(way: PeerWay, hosts: number, tasks: number): boolean {
  const most = { default: 300, tuned: 1000, mitogen: 1000 }[way];
  return hosts * tasks <= most;
}

/** Small tasks, half directories and half files, that find everything done. */
export function smallTasks(name: string, hosts: number, tasks: number, more: Pick<Workload, 'goal' | 'mostRuns'>): Workload {
  return {
    name,
    title: `second run of ${tasks} small tasks, nothing to change, ${hosts} ${hosts === 1 ? 'host' : 'hosts'}`,
    hosts,
    ...more,
    prepare: async (bench) => {
      await converge(bench, tasks);
    },
    reset: () => Promise.resolve(),
    floor: (bench, options) => floor(bench, tasks, options, UNCHANGED),
    ours: (bench) => ours(bench, tasks, UNCHANGED),
    peers: (_, way) => (isBearable(way, hosts, tasks) ? { tasks: peerTasks(tasks), changes: false } : undefined),
  };
}

/** W3: many hosts. */
export const wide100 = smallTasks('W3-100', 100, 10, { goal: { asked: 1.5, aim: 1 } });

/** W3: very many hosts. */
export const wide500 = smallTasks('W3-500', 500, 10, { goal: { asked: 1.5, aim: 1 }, mostRuns: 3 });
