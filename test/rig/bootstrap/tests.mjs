import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from './step.mjs';

const E2E = ['--timeout', '300000'];
const PACKAGES = 'dist/test/e2e/packageContents.test.js';
const MONITORING = 'dist/test/e2e/monitoring.test.js';

/**
 * The runs of mocha, in stages. All but the first have real hosts, which one file after the other uses; but two go side by side, each
 * with hosts of its own: one keeps the processors at work, the other waits for alerts most of its time.
 */
const STAGES = [
  [{ name: 'unit tests', args: ['--ignore', 'dist/test/e2e/**', '--timeout', '20000', 'dist/test/**/*.test.js'] }],
  [
    {
      name: 'end-to-end tests',
      args: [...E2E, '--ignore', PACKAGES, '--ignore', MONITORING, 'dist/test/e2e/**/*.test.js'],
    },
  ],
  [
    { name: 'end-to-end tests of packages', args: [...E2E, PACKAGES] },
    { name: 'end-to-end tests of the monitoring', args: [...E2E, MONITORING] },
  ],
];

/**
 * Runs all tests and prints, as the last line, `N passed, N failed`. A run of mocha that dies or finds no test counts
 * as a failure. Hosts that are left afterwards, whatever happened, are taken down.
 * @returns the exit code: 0 when everything passed
 */
export async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'provision-test-'));
  const total = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const [index, stage] of STAGES.entries()) {
      say(stage.map(({ name }) => name).join(', and beside them '));
      const results = await Promise.all(
        stage.map(async (suite, place) => {
          const result = await runMocha([...suite.args, ...args], join(folder, `${index}-${place}.json`), place > 0);
          if (result.problem !== undefined) say(`${suite.name}: ${result.problem}`);
          return result;
        }),
      );
      for (const result of results) for (const key of Object.keys(total)) total[key] += result[key];
      if (results.some(({ interrupted }) => interrupted)) break;
    }
  } finally {
    rmSync(folder, { recursive: true });
    spawnSync(process.execPath, ['dist/test/rig/cli.js', 'down', '--tests'], { stdio: ['inherit', 2, 2] });
  }
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

/** @param aside it runs beside another: what it prints is shown when it has ended */
async function runMocha(args, output, aside) {
  const mocha = ['node_modules/mocha/bin/mocha.js', '--no-config', '--reporter', './dist/test/rig/countingReporter.js'];
  const argv = ['--enable-source-maps', ...mocha, '--reporter-option', `output=${output}`, ...args];
  const printed = `${output}.log`;
  const to = aside ? openSync(printed, 'a') : 'inherit';
  const child = spawn(process.execPath, argv, { stdio: ['inherit', to, to] });
  let interrupted = false;
  const forward = (signal) => {
    interrupted = true;
    child.kill(signal);
  };
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const code = await new Promise((resolve) => child.on('close', resolve));
  process.off('SIGINT', forward).off('SIGTERM', forward);
  if (aside) {
    closeSync(to);
    process.stdout.write(readFileSync(printed));
  }
  const counts = readCounts(output);
  const problem = interrupted ? 'interrupted' : problemOf(counts, code);
  // What no test has counted is a failure of its own.
  return { ...counts, failed: counts.failed + (problem === undefined ? 0 : 1), problem, interrupted };
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function problemOf({ passed, failed }, code) {
  if (failed > 0) return undefined;
  if (code !== 0) return `mocha ended with ${code === null ? 'a signal' : `exit code ${code}`} before its end`;
  return passed === 0 ? 'no test ran' : undefined;
}
