import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must, run } from '../../test/rig/run.js';
import type { Column } from '../columns.js';
import type { Bench, Command, PeerWay, Workload } from '../workload.js';
import type { Play } from './play.js';
import { complaintOf } from './recap.js';

const PATIENCE = { run: 240, all: 90 };

const TOOLS: Readonly<Record<PeerWay, string>> = {
  default: 'Ansible',
  tuned: 'Ansible, tuned',
  mitogen: 'Ansible, Mitogen',
};

/** What the usual advice says: many at a time, one connection that is kept, no file for each module, no facts unless wanted. */
const TUNED = `[defaults]
forks = 50
gathering = explicit
[ssh_connection]
pipelining = true
ssh_args = -o ControlMaster=auto -o ControlPersist=60s
`;

/** Python is all that Ansible needs on a host. */
const PYTHON = 'dpkg-query -W python3-apt >/dev/null 2>&1 || apt-get install -y -q --no-install-recommends python3 python3-apt';

/** Ansible, and Mitogen, where they are on PATH. */
export async function ansible(): Promise<{ columns: readonly Column[]; missing: readonly string[] }> {
  const which = await run(['sh', '-c', 'command -v ansible-playbook']);
  if (which.code !== 0) return { columns: [], missing: ['Ansible (no `ansible-playbook` on PATH)'] };
  const program = which.stdout.trim();
  const version = /core ([\d.]+)/.exec(await must([program, '--version']))?.[1] ?? '';
  const mitogen = await mitogenOf(program);
  const column = (way: PeerWay, name: string, env: Readonly<Record<string, string>> = {}): Column => ({
    tool: name,
    isFloor: false,
    patience: PATIENCE,
    prepare: async (bench) => {
      await bench.everywhere(PYTHON);
    },
    command: (workload, bench) => {
      const play = workload.peers(bench, way);
      return play === undefined ? undefined : commandOf(program, bench, { workload, way, play, env });
    },
  });
  const plain = [column('default', `${TOOLS.default} ${version}`), column('tuned', TOOLS.tuned)];
  if (mitogen === undefined) return { columns: plain, missing: ['Mitogen (Python finds no `ansible_mitogen`)'] };
  const strategy = { ANSIBLE_STRATEGY: 'mitogen_linear', ANSIBLE_STRATEGY_PLUGINS: mitogen.plugins };
  return { columns: [...plain, column('mitogen', `${TOOLS.mitogen} ${mitogen.version}`, strategy)], missing: [] };
}

/** Mitogen as the Python that runs Ansible finds it. */
async function mitogenOf(program: string): Promise<{ plugins: string; version: string } | undefined> {
  const [python] = /(?<=^#! ?)\/\S+/.exec(readFileSync(realpathSync(program), 'utf8')) ?? ['python3'];
  const look =
    'import mitogen, ansible_mitogen.plugins.strategy as s; print(list(s.__path__)[0], ".".join(map(str, mitogen.__version__)))';
  const { code, stdout } = await run([python, '-c', look]);
  const [plugins, version] = stdout.trim().split(' ');
  return code !== 0 || plugins === undefined ? undefined : { plugins, version: version ?? '' };
}

interface Request {
  readonly workload: Workload;
  readonly way: PeerWay;
  readonly play: Play;
  readonly env: Readonly<Record<string, string>>;
}

function commandOf(program: string, bench: Bench, { workload, way, play, env }: Request): Command {
  const home = join(bench.folder, `ansible-${way}`);
  mkdirSync(home, { recursive: true });
  const config = join(home, 'ansible.cfg');
  writeFileSync(config, way === 'default' ? '' : TUNED);
  const playbook = join(home, `${workload.name}.yml`);
  const facts = play.facts === false ? { gather_facts: false } : {};
  writeFileSync(playbook, JSON.stringify([{ hosts: 'all', ...facts, vars: play.vars ?? {}, tasks: play.tasks }]));
  return {
    argv: [program, '-i', bench.ansibleInventory, ...(play.args ?? []), playbook],
    code: 0,
    env: { HOME: home, ANSIBLE_CONFIG: config, ANSIBLE_NOCOLOR: '1', ANSIBLE_TIMEOUT: '60', ...env },
    complaint: (stdout) => complaintOf(stdout, bench.hosts.length, play.changes),
  };
}
