import { atOnce, sshWith } from '../floor.js';
import { provision } from '../ours.js';
import type { Goal, Workload } from '../workload.js';

/** Do the hosts answer, and can one become root there? */
function ping(name: string, hosts: number, goal: Goal): Workload {
  return {
    name,
    title: `ping, ${hosts} hosts`,
    hosts,
    goal,
    prepare: () => Promise.resolve(),
    reset: () => Promise.resolve(),
    floor: (bench, options) =>
      atOnce(
        bench,
        bench.hosts.map((host) => [...sshWith(host, options), 'sudo -n true']),
        0,
      ),
    ours: (bench) => provision(bench, ['ping'], 0),
    peers: (_, way) =>
      hosts > 3 && way === 'default' ? undefined : { tasks: [{ 'ansible.builtin.ping': {} }], facts: false, changes: false },
  };
}

/** W4: do the hosts answer? */
export const ping3 = ping('W4-3', 3, { asked: 2.5, aim: 1.7 });

/** W4 with many. */
export const ping100 = ping('W4-100', 100, { asked: 1.2, aim: 1.05 });
