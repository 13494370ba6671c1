import { performance } from 'node:perf_hooks';
import { profileLines } from '../report/profile/table.js';
import { profileOf } from '../report/profile/profile.js';
import { jsonReporter } from '../report/json.js';
import { record } from '../util/timing.js';

/**
 * Does a command's work and tells where its time went, whatever came of it: as a table on standard error, or with `--output json` as
 * the last event on standard output.
 */
export async function profiled<T>(output: string | undefined, work: () => Promise<T>): Promise<T> {
  const loaded = performance.now();
  const utilization = performance.eventLoopUtilization();
  const recording = record();
  try {
    return await work();
  } finally {
    recording.stop();
    const cpu = process.cpuUsage();
    const profile = profileOf(recording.times, recording.counts, {
      started: performance.nodeTiming.bootstrapComplete,
      loaded,
      ended: performance.now(),
      utilization: performance.eventLoopUtilization(utilization).utilization,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      memoryBytes: process.resourceUsage().maxRSS * 1024,
    });
    if (output === 'json') jsonReporter(process.stdout).report({ type: 'profile', ...profile });
    else process.stderr.write(`\n${profileLines(profile).join('\n')}\n`);
  }
}
