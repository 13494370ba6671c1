import { spawn } from 'node:child_process';

/** How a local program ended that was run for what it prints. */
export interface LocalResult {
  readonly stdout: Buffer;
  /** Its exit code, or the name of the signal that ended it. */
  readonly ended: number | NodeJS.Signals;
}

/** Longest time that a program may take to print a secret, in seconds: a person may have to unlock a key store. */
const SECRET_TIMEOUT_SECONDS = 300;

/**
 * Runs a program on this machine and gives what it prints. Its standard error goes to the user's, and it may ask on the
 * user's terminal; nothing secret is in its arguments. Rejects where it cannot be started.
 */
export function runLocal(
  command: string,
  args: readonly string[],
  options: { cwd?: string; timeoutSeconds?: number } = {},
): Promise<LocalResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      stdio: [process.stdin.isTTY ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    });
    // Not spawn's own time limit: that goes on running where the program could not even be started.
    const limit = setTimeout(() => child.kill(), (options.timeoutSeconds ?? SECRET_TIMEOUT_SECONDS) * 1000);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', (error) => {
      clearTimeout(limit);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ stdout: Buffer.concat(chunks), ended: code ?? signal ?? 'SIGKILL' });
    });
  });
}

/** `exit 1` or `ended by SIGTERM`. */
export function describeEnd(ended: LocalResult['ended']): string {
  return typeof ended === 'number' ? `exit ${ended}` : `ended by ${ended}`;
}
