import { atOnce, sshWith } from '../floor.js';
import { provision } from '../ours.js';
import type { Workload } from '../workload.js';

/** W4: do the hosts answer? Ours becomes root as well. */
export const ping: Workload = {
  name: 'W4',
  title: 'ping',
  goal: { asked: 2.5, aim: 1.7 },
  prepare: () => Promise.resolve(),
  reset: () => Promise.resolve(),
  floor: ({ hosts }, options) =>
    atOnce(
      hosts.map((host) => [...sshWith(host, options), 'true']),
      0,
    ),
  ours: (bench) => provision(bench, ['ping'], 0),
};
