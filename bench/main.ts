import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { packageRoot } from '../src/util/packageRoot.js';
import { columns } from './columns.js';
import { openHosts } from './hosts.js';
import { withoutPlace, withPart } from './page.js';
import { ratio, table, verdict, type Series } from './table.js';
import { takeTurns } from './turns.js';
import { workloads } from './workloads/all.js';
import type { Bench, Workload } from './workload.js';

const help = `How long this project's program takes beside the ssh client that does the same work.

  npm run bench -- [${workloads.map(({ name }) => name).join('|')}...] [--runs N] [--keep] [--dry]

  --runs N   runs of each tool, taking turns (default: 7)
  --keep     leave the hosts for the next time
  --dry      print only; docs/performance.md stays as it is
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '7' },
      keep: { type: 'boolean', default: false },
      dry: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: expected a number of at least 1`);
  const chosen = choose(positionals);
  const file = join(packageRoot(), 'docs/performance.md');
  const missing = withoutPlace(
    await readFile(file, 'utf8'),
    chosen.map(({ name }) => name),
  );
  if (missing.length > 0) throw new Error(`${file} has no place for ${missing.join(', ')}`);
  process.once('SIGINT', () => {
    process.stderr.write('bench: interrupted; its hosts stay: npm run rig -- down --name bench takes them away\n');
    process.exit(130);
  });
  const { bench: benchOf, close } = await openHosts(Math.max(...chosen.map(({ hosts }) => hosts)));
  try {
    for (const workload of chosen) {
      const bench = await benchOf(workload.hosts);
      const part = await report(workload, bench, runs);
      process.stdout.write(`${part}\n`);
      if (!values.dry) await put(file, workload, part);
    }
  } finally {
    await close(values.keep);
  }
}

function choose(names: readonly string[]): readonly Workload[] {
  if (names.length === 0) return workloads;
  return names.flatMap((name) => {
    const found = workloads.filter((workload) => [workload.name, workload.name.split('-')[0]].includes(name));
    if (found.length === 0) throw new Error(`${name}: one of ${workloads.map((each) => each.name).join(', ')}`);
    return found;
  });
}

/** Measures a workload; gives its part of the page. */
async function report(workload: Workload, bench: Bench, runs: number): Promise<string> {
  process.stderr.write(`bench: ${workload.name}, ${workload.title}\n`);
  await workload.prepare(bench);
  const before = loadavg()[0] ?? 0;
  const series = await takeTurns(workload, bench, columns, Math.min(runs, workload.mostRuns ?? runs));
  const after = loadavg()[0] ?? 0;
  const floors = columns.filter(({ isFloor }) => isFloor).map(({ tool }) => tool);
  const day = new Date().toISOString().slice(0, 10);
  return [
    `### ${workload.name}: ${workload.title}\n`,
    `${day}, ${cpus().length} cores for the controller and the hosts, load ${before.toFixed(1)} before and ${after.toFixed(1)} after, Node ${process.versions.node}, ${sshVersion()}. ${judgement(workload, series)}\n`,
    table(series, floors),
  ].join('\n');
}

function judgement({ goal }: Workload, series: readonly Series[]): string {
  const [floor] = series;
  const ours = series.find(({ tool }) => tool === 'provision');
  if (floor === undefined || ours === undefined) return '';
  const value = ratio(ours, floor);
  return `Beside the ${floor.tool}, \`provision\` takes ${value.toFixed(2)} x: ${verdict(value, goal)}.`;
}

function sshVersion(): string {
  const { 0: version = '' } = execFileSync('sh', ['-c', 'ssh -V 2>&1'], { encoding: 'utf8' }).split(/[ ,]/);
  return version.replace('_', ' ');
}

/** Each part is written when it is there: a later workload that fails takes nothing away. */
async function put(file: string, workload: Workload, part: string): Promise<void> {
  const page = withPart(await readFile(file, 'utf8'), workload.name, part);
  await writeFile(file, await format(page, { ...(await resolveConfig(file)), parser: 'markdown' }));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
