import { quote } from '../../src/util/shell.js';
import { atOnce, sshWith } from '../floor.js';
import { measure } from '../measure.js';
import { CHANGED, runPlaybook, UNCHANGED } from '../ours.js';
import type { PeerTask } from '../peers/play.js';
import type { Bench, Command, PeerWay, Workload } from '../workload.js';
import { payloadIn } from './payload.js';

const bare = async (bench: Bench): Promise<void> => {
  await bench.everywhere('rm -rf /srv/payload; command -v rsync >/dev/null || apt-get install -y -q rsync');
};

/** rsync over one connection a host. It compares sizes and times, not content. */
function floor(bench: Bench, options: readonly string[]): Command {
  const payload = payloadIn(bench.folder);
  const flags = ['-a', '--chown=root:root', '--chmod=D755,F644', '--rsync-path=sudo -n rsync'];
  const rsyncs = bench.hosts.map((host) => {
    const ssh = sshWith(host, options);
    const shell = ssh.slice(0, -1).map(quote).join(' ');
    return ['rsync', ...flags, '-e', shell, `${payload}/`, `${ssh.at(-1) ?? ''}:/srv/payload/`];
  });
  return atOnce(bench, rsyncs, 0);
}

function ours(bench: Bench, code: number): Command {
  return runPlaybook(bench, 'w5.ts', code, ['-e', `bench_payload=${payloadIn(bench.folder)}`]);
}

/** With rsync, as is advised; the other ways take a second a file and host. */
function peerTasks(bench: Bench, way: PeerWay): readonly PeerTask[] | undefined {
  if (way !== 'tuned') return undefined;
  const src = `${payloadIn(bench.folder)}/`;
  return [
    { 'ansible.builtin.file': { path: '/srv/payload', state: 'directory', mode: '0755' } },
    ...['small/', 'large/'].map((part) => ({
      'ansible.posix.synchronize': {
        src: `${src}${part}`,
        dest: `/srv/payload/${part}`,
        compress: false,
        rsync_opts: ['--chown=root:root', '--chmod=D755,F644'],
      },
    })),
  ];
}

/** rsync's own check is by time: all tools find what the floor's rsync left. */
async function sent(bench: Bench): Promise<void> {
  await bare(bench);
  await measure(floor(bench, []));
}

/** W5: much to send. */
export const firstCopy: Workload = {
  name: 'W5-first',
  title: 'first copy of 1,000 files of 4 KB and one of 200 MB, 3 hosts',
  hosts: 3,
  goal: { asked: 1.5, aim: 1 },
  mostRuns: 5,
  prepare: bare,
  reset: bare,
  floor,
  ours: (bench) => ours(bench, CHANGED),
  peers: (bench, way) => {
    const tasks = peerTasks(bench, way);
    return tasks === undefined ? undefined : { tasks, changes: true };
  },
};

/** W5: nothing to send. */
export const secondCopy: Workload = {
  name: 'W5-again',
  title: 'second copy of the same files, nothing to send, 3 hosts',
  hosts: 3,
  goal: { asked: 2, aim: 1.2 },
  prepare: sent,
  reset: () => Promise.resolve(),
  floor,
  ours: (bench) => ours(bench, UNCHANGED),
  peers: (bench, way) => {
    const tasks = peerTasks(bench, way);
    return tasks === undefined ? undefined : { tasks, changes: false };
  },
};
