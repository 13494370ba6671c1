import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, BenchHost } from '../workload.js';

/** What a host of the site is. */
export type SiteRole = 'lb' | 'primary' | 'replica';

/** The hosts of the site, in the order of the rig. */
export function siteHosts({ hosts: [lb, primary, replica] }: Bench): Readonly<Record<SiteRole, BenchHost>> {
  if (lb === undefined || primary === undefined || replica === undefined) throw new Error('the site takes three hosts');
  return { lb, primary, replica };
}

/** What can be told of a host without any task of ours. */
export interface HostState {
  /** Each installed package with its version. */
  readonly packages: readonly string[];
  /** Names of packages that were asked for. */
  readonly wanted: readonly string[];
  /** Units that run now, and again after a boot. */
  readonly units: readonly string[];
}

/** Asks a host for its state. */
export function stateOf(bench: Bench, host: BenchHost): HostState {
  const lines = (part: string): readonly string[] =>
    runScript(bench, host, 'site-state.sh', part).toString().trimEnd().split('\n');
  return { packages: lines('packages'), wanted: lines('wanted'), units: lines('units') };
}

/** What a first run left on a host, as site-record.sh says. */
export function record(bench: Bench, host: BenchHost, role: SiteRole): Buffer {
  return runScript(bench, host, 'site-record.sh', role);
}

/** Lines that only the second one has. */
export function added(before: readonly string[], after: readonly string[]): readonly string[] {
  return after.filter((line) => !before.includes(line));
}

/** @throws Error where two states of a host differ in more than in which packages were asked for, and which came with them. */
export function mustAgree(name: string, ours: HostState, floors: HostState): void {
  for (const part of ['packages', 'units'] as const) {
    const missing = added(floors[part], ours[part]);
    const more = added(ours[part], floors[part]);
    if (missing.length + more.length > 0)
      throw new Error(
        `${name}: the floor lacks ${part} ${missing.join(', ') || 'none'}; it has more: ${more.join(', ') || 'none'}`,
      );
  }
}

function runScript(bench: Bench, { ssh: [program, ...args] }: BenchHost, script: string, argument: string): Buffer {
  const input = readFileSync(join(bench.root, 'bench/workloads', script));
  return execFileSync(program, [...args, `sudo -n sh -s ${argument}`], { input, maxBuffer: 1 << 28 });
}
