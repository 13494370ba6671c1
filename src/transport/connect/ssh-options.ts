import { execFile } from 'node:child_process';
import { InputError } from '../../model/errors.js';

/** ssh_config's meaning for one host: lower-case option names, each with its values in order. */
export type SshOptions = ReadonlyMap<string, readonly string[]>;

/** What ssh_config is asked about. */
export interface SshQuestion {
  readonly host: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  /** A file instead of the user's and the system's; `none` for neither. */
  readonly configFile?: string | undefined;
}

/** What `ssh` said, and what it read for it. */
export interface SshAnswer {
  readonly options: SshOptions;
  readonly files: readonly string[];
}

/** `Match exec` may run a command of the user's. */
const TIMEOUT_MS = 10_000;

/**
 * Asks the system's `ssh` what its configuration means for a host (`ssh -G`), Include and Match with it.
 * Undefined where there is no `ssh`. InputError for a configuration that it rejects.
 */
export function askSsh(question: SshQuestion): Promise<SshAnswer | undefined> {
  const args = ['-G', '-v'];
  if (question.configFile !== undefined) args.push('-F', question.configFile);
  if (question.port !== undefined) args.push('-p', String(question.port));
  if (question.user !== undefined) args.push('-l', question.user);
  args.push('--', question.host);
  return new Promise((resolve, reject) => {
    const child = execFile('ssh', args, { timeout: TIMEOUT_MS }, (error, stdout, stderr) => {
      if (error === null) resolve({ options: parseSshOptions(stdout), files: filesIn(stderr) });
      else if (error.code === 'ENOENT') resolve(undefined);
      else reject(rejected(question, withoutTrace(stderr), error));
    });
    child.stdin?.end();
  });
}

/** Parses the output of `ssh -G`: a lower-case name and a value a line. */
function parseSshOptions(output: string): SshOptions {
  const options = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const space = line.indexOf(' ');
    if (space <= 0) continue;
    const name = line.slice(0, space).toLowerCase();
    const values = options.get(name) ?? [];
    values.push(line.slice(space + 1));
    options.set(name, values);
  }
  return options;
}

/** `-v` names each file on standard error. */
function filesIn(trace: string): readonly string[] {
  return [...trace.matchAll(/^debug1: Reading configuration data (.*?)\r?$/gm)].map((match) => match[1] ?? '');
}

function withoutTrace(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !/^debug\d: |^OpenSSH_/.test(line))
    .join('\n')
    .trim();
}

function rejected(question: SshQuestion, stderr: string, cause: Error): InputError {
  const why = stderr === '' ? cause.message : stderr;
  return new InputError(`ssh_config does not work for host ${question.host}: ${why}`, {
    hint: `correct the configuration; \`ssh -G ${question.host}\` shows what is wrong`,
    cause,
  });
}
