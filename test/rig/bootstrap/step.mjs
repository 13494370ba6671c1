import { spawnSync } from 'node:child_process';

/** One line about what is being done. */
export function say(line) {
  process.stderr.write(`prepare: ${line}\n`);
}

/** Runs a command on our terminal; throws with its command line when it fails. */
export function must(argv, options = {}) {
  const [program, ...args] = argv;
  const { status, error, signal } = spawnSync(program, args, { stdio: ['inherit', 2, 2], ...options });
  if (error !== undefined) throw new Error(`cannot run ${argv.join(' ')}: ${error.message}`);
  if (status !== 0) throw new Error(`${argv.join(' ')} failed (${signal ?? `exit code ${status}`})`);
}
