import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ConnectTarget, SshConnection } from '../../../src/transport/connect/target.js';
import { freePort } from '../../support/freePort.js';

/** A real sshd on a loopback port, with files of its own; anyone of the test's keys may log in as the account that runs it. */
export interface TestSshd {
  readonly port: number;
  readonly user: string;
  /** Its folder: host keys, authorized_keys, and whatever a test puts there. */
  readonly folder: string;
  /** A private key that it accepts. */
  readonly keyFile: string;
  /** Its host key of type ed25519, as a line's end: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
  /** A known_hosts file with that key. */
  readonly knownHosts: string;
  /** An ssh_config that knows nothing but this folder, so that no test depends on the machine's. */
  readonly sshConfig: string;
  /** A target for it: with its key file and known_hosts, strict. */
  target(changes?: Partial<ConnectTarget>): ConnectTarget;
  /** Lets one more public key in. */
  authorize(publicKeyFile: string): void;
  /** Puts lines in front of the ssh_config and gives the new file. */
  sshConfigWith(...lines: readonly string[]): string;
  /** What it has logged so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Makes a key pair with the real ssh-keygen; small and with a cheap passphrase, as tests want it. */
export function makeKey(file: string, type = 'ed25519', passphrase = ''): void {
  const size = type === 'rsa' ? ['-b', '2048'] : [];
  execFileSync('ssh-keygen', ['-q', '-a', '1', ...size, '-t', type, '-N', passphrase, '-C', 'test', '-f', file]);
}

/** Rewrites an unencrypted private key: in another format (`PEM`, `PKCS8`), or with a passphrase. */
export function rewriteKey(file: string, change: { readonly format?: string; readonly passphrase?: string }): void {
  const format = change.format === undefined ? [] : ['-m', change.format];
  execFileSync('ssh-keygen', ['-q', '-a', '1', '-p', '-P', '', '-N', change.passphrase ?? '', ...format, '-f', file], {
    stdio: 'ignore',
  });
}

/** The type and key of a public key file, without its comment. */
export function publicKeyOf(file: string): string {
  return readFileSync(`${file}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ');
}

/** Starts an sshd; `extra` are further lines of its configuration, in which `FOLDER` is its folder, and `prepare` makes files that they name. */
export async function startSshd(extra: readonly string[] = [], prepare?: (folder: string) => void): Promise<TestSshd> {
  const folder = mkdtempSync(join(tmpdir(), 'provision-sshd-'));
  const file = (name: string): string => join(folder, name);
  // sshd run by root wants its privilege separation folder.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  makeKey(file('host_ed25519'));
  makeKey(file('id'));
  prepare?.(folder);
  writeFileSync(file('authorized_keys'), readFileSync(file('id.pub')), { mode: 0o600 });
  const port = await freePort();
  const config = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${file('host_ed25519')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'LogLevel VERBOSE',
    ...extra.map((line) => line.replaceAll('FOLDER', folder)),
  ];
  writeFileSync(file('sshd_config'), `${config.join('\n')}\n`);
  const hostKey = publicKeyOf(file('host_ed25519'));
  writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${hostKey}\n`);
  writeFileSync(
    file('ssh_config'),
    `IdentityFile none\nUserKnownHostsFile ${file('known_hosts')}\nGlobalKnownHostsFile /dev/null\n`,
  );
  const child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  let configs = 0;
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await listening(child, () => log);
  return {
    port,
    user: userInfo().username,
    folder,
    keyFile: file('id'),
    hostKey,
    knownHosts: file('known_hosts'),
    sshConfig: file('ssh_config'),
    target: (changes = {}) => ({
      name: 'web-01',
      address: '127.0.0.1',
      port,
      user: userInfo().username,
      privateKeyFile: file('id'),
      sshConfigFile: file('ssh_config'),
      acceptNewHostKeys: false,
      ...changes,
    }),
    authorize(publicKeyFile) {
      appendFileSync(file('authorized_keys'), readFileSync(publicKeyFile));
    },
    sshConfigWith(...lines) {
      const path = file(`ssh_config.${++configs}`);
      writeFileSync(path, `${lines.join('\n')}\nMatch all\n${readFileSync(file('ssh_config'), 'utf8')}`);
      return path;
    },
    log: () => log,
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(child: ChildProcess, log: () => string): Promise<void> {
  while (!/Server listening/.test(log())) {
    if (child.exitCode !== null) throw new Error(`sshd did not start: ${log()}`);
    await Promise.race([once(child.stderr ?? child, 'data'), once(child, 'exit')]);
  }
}

/** Runs a command on a connection and gives its output. */
export function run(connection: SshConnection, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    connection.client.exec(command, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      let output = '';
      channel.on('data', (chunk: Buffer) => (output += chunk.toString()));
      channel.stderr.resume();
      channel.on('close', () => {
        resolve(output);
      });
    });
  });
}

/** The error that a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<Error & { hint?: string }> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('it was not rejected');
}
