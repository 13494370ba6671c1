// Makes a fresh clone ready, then does what it is called for:
//   node test/rig/bootstrap.mjs [prepare] | build | rig ARGS... | demo ARGS... | bench ARGS... | test | vagrant
// Plain JavaScript without dependencies: it runs before there are any. Each step is skipped when it is done already.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from './bootstrap/build.mjs';
import { checkNode } from './bootstrap/node.mjs';
import { installModules } from './bootstrap/modules.mjs';
import { installPackages } from './bootstrap/packages.mjs';
import { runTests } from './bootstrap/tests.mjs';

process.chdir(fileURLToPath(new URL('../..', import.meta.url)));

/** Everything that another command needs; `build` needs nothing of the machine but Node. */
function prepare(forCommand) {
  checkNode();
  installModules();
  build();
  if (forCommand !== 'build') installPackages(forCommand);
}

/** Two first runs in one checkout (a test and a demo, say) prepare it one after the other. */
function prepareOnce(forCommand) {
  mkdirSync('.cache', { recursive: true });
  const argv = [process.execPath, fileURLToPath(import.meta.url), 'prepare', forCommand];
  const [program, ...args] = existsSync('/usr/bin/flock') ? ['flock', '.cache/prepare.lock', ...argv] : argv;
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status ?? 1;
}

/** Runs one of the project's compiled programs; signals reach it as they reach us. */
async function runProgram(file, args) {
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined); // the child decides
  return await new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}

const [command = 'prepare', ...args] = process.argv.slice(2);
try {
  if (command === 'prepare') {
    prepare(args[0]);
  } else {
    const failed = prepareOnce(command);
    if (failed !== 0 && command === 'test') console.log('0 passed, 1 failed'); // nothing could be tested
    if (failed !== 0) process.exitCode = failed;
    else if (command === 'rig') process.exitCode = await runProgram('dist/test/rig/cli.js', args);
    else if (command === 'demo') process.exitCode = await runProgram('dist/test/rig/demo.js', args);
    else if (command === 'bench') process.exitCode = await runProgram('dist/bench/main.js', args);
    else if (command === 'test') process.exitCode = await runTests(args);
    else if (command === 'vagrant') process.exitCode = await runProgram('dist/test/vagrant/main.js', args);
    else if (command !== 'build')
      throw new Error(`unknown command "${command}": prepare, build, rig, demo, bench, test or vagrant`);
  }
} catch (error) {
  console.error(`prepare: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
