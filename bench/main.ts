import { parseArgs } from 'node:util';
import { packageRoot } from '../src/util/packageRoot.js';
import { asRoot } from '../test/rig/asRoot.js';
import { columns } from './columns.js';
import { openGauge, type Gauge } from './gauge.js';
import { growths, type Growth } from './growth/curves.js';
import { openHosts, RIG, type BenchHosts } from './hosts.js';
import { measureGrowth, measureWorkload } from './measurements.js';
import { checkPlaces, publish } from './page/publish.js';
import { rowPart, told } from './page/parts.js';
import { readResults, type Results } from './results.js';
import { workloads } from './workloads/all.js';
import type { Workload } from './workload.js';

const names = [...workloads, ...growths].map(({ name }) => name);

const help = `How long this project's program takes beside the ssh client that does the same work, and beside other tools.

  npm run bench -- [NAME...] [--runs N] [--no-peers] [--keep] [--dry]

  NAME        ${names.join(', ')};
              or what stands before a dash, for all of them (default: all)
  --runs N    runs of each tool, taking turns (default: 7, and 3 where one takes long)
  --no-peers  without Ansible and Mitogen, which are otherwise measured where they are installed
  --keep      leave the hosts for the next time
  --dry       print only; docs/performance.md stays as it is
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '7' },
      'no-peers': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      dry: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: expected a number of at least 1`);
  const chosen = choose(positionals);
  const root = packageRoot();
  await checkPlaces(root);
  const tools = await columns(!values['no-peers']);
  for (const each of tools.missing) process.stderr.write(`bench: without ${each}\n`);
  const hosts = await openHosts(most(chosen));
  const gauge = await openGauge(RIG, hosts.subnet, hosts.containers);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void interrupted(gauge, hosts));
  try {
    let results = await readResults(root);
    const means = { hosts, gauge, columns: tools.columns, runs };
    const keep = async (more: Results): Promise<void> => {
      results = more;
      if (!values.dry) await publish(root, results, tools.missing);
    };
    for (const workload of chosen.workloads) {
      const result = await measureWorkload(workload, means);
      process.stdout.write(`${rowPart(workload.name, result)}\n`);
      await keep({ ...results, rows: { ...results.rows, [workload.name]: result } });
    }
    for (const growth of chosen.growths) {
      const curve = await measureGrowth(growth, means);
      process.stdout.write(`${growth.name}, ${told(curve.circumstances)}\n${JSON.stringify(curve.tools, undefined, 1)}\n`);
      await keep({ ...results, curves: { ...results.curves, [growth.name]: curve } });
    }
  } finally {
    await gauge.close();
    await hosts.close(values.keep);
  }
}

/** Takes away all but the hosts: the next time can use them. */
async function interrupted(gauge: Gauge, hosts: BenchHosts): Promise<never> {
  process.stderr.write(`bench: interrupted; its hosts stay: npm run rig -- down --name ${RIG} takes them away\n`);
  await Promise.allSettled([gauge.close(), hosts.close(true)]);
  process.exit(130);
}

interface Chosen {
  readonly workloads: readonly Workload[];
  readonly growths: readonly Growth[];
}

function choose(wanted: readonly string[]): Chosen {
  for (const name of wanted)
    if (!names.some((each) => isMeant(each, name))) throw new Error(`${name}: one of ${names.join(', ')}`);
  const meant = ({ name }: { readonly name: string }): boolean =>
    wanted.length === 0 || wanted.some((each) => isMeant(name, each));
  return { workloads: workloads.filter(meant), growths: growths.filter(meant) };
}

const isMeant = (name: string, word: string): boolean => name === word || name.startsWith(`${word}-`);

function most(chosen: Chosen): number {
  const points = chosen.growths.flatMap(({ points: each }) => each.map(({ workload }) => workload));
  return Math.max(...[...chosen.workloads, ...points].map(({ hosts }) => hosts));
}

if (process.getuid?.() !== 0 && !process.argv.includes('--help')) {
  process.exitCode = await asRoot(process.argv.slice(2), '../../bench/main'); // it reads cgroups and counts packets
} else {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
