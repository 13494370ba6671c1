import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../../src/util/packageRoot.js';

/** The program as it is installed: `npm run build` makes it. */
export const MAIN = join(packageRoot(), 'dist/cli/main.cjs');

export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; it is no terminal. */
  readonly input?: string;
}

/** Starts the program, without colours, with an environment that says nothing to it. */
export function startCli(args: readonly string[], { cwd, env = {}, input = '' }: CliOptions): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...quietEnvironment(), ...env } });
  child.stdin.end(input);
  return child;
}

/** The environment without what would change what the program does, and as in a CI: nothing is begun for the next time. */
export function quietEnvironment(): NodeJS.ProcessEnv {
  const speaking = ['FORCE_COLOR', 'NO_COLOR', 'PROVISION_INVENTORY', 'NODE_OPTIONS'];
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !speaking.includes(name))), CI: 'true' };
}

/** Runs the program to its end. */
export async function cli(args: readonly string[], options: CliOptions): Promise<Ended> {
  return ended(startCli(args, options));
}

/** Collects what a process writes until it ends. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code: code ?? signal ?? 'unknown', stdout, stderr });
    });
  });
}

/** A folder with these files in it, that any account may write to. */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'provision-cli-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
