import { spawn } from 'node:child_process';

/** What a finished command left. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface RunOptions {
  /** Written to its standard input. Nothing unless given. */
  readonly input?: string;
  /** Environment variables added to ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where each line of its standard error goes while it runs: to show progress of a long command. */
  readonly onStderr?: (text: string) => void;
  /** Milliseconds after which it is killed; 10 minutes unless given. */
  readonly timeout?: number;
}

/**
 * Runs a program to its end, whatever its exit code is.
 * @throws Error when it cannot be started.
 */
export async function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<Finished> {
  const [program, ...args] = argv;
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...process.env, ...options.env },
      timeout: options.timeout ?? 600_000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(text);
    });
    child.on('error', (cause) => {
      reject(new Error(`cannot start ${program}: ${cause.message}`, { cause }));
    });
    child.on('close', (code, signal) => {
      resolve({ code: code ?? 128, stdout, stderr: signal === null ? stderr : `${stderr}[ended by ${signal}]\n` });
    });
    child.stdin.on('error', () => undefined); // it may end without reading all of its input
    child.stdin.end(options.input ?? '');
  });
}

/**
 * Runs a program that must succeed; gives its standard output.
 * @throws Error with the command line and what it wrote to standard error.
 */
export async function must(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await run(argv, options);
  if (code !== 0) throw new Error(`exit code ${code} of: ${argv.join(' ')}\n${stderr.trim().slice(-4000)}`);
  return stdout;
}
