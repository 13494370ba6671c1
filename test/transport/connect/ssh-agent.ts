import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real ssh-agent of a test's own. */
export interface TestAgent {
  readonly socket: string;
  /** Loads a key without a passphrase. */
  add(keyFile: string): void;
  stop(): Promise<void>;
}

/** Starts an ssh-agent with no keys in it. */
export async function startAgent(): Promise<TestAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'provision-agent-'));
  const socket = join(folder, 'socket');
  const watcher = watch(folder);
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  while (!existsSync(socket)) await once(watcher, 'change');
  watcher.close();
  return {
    socket,
    add(keyFile) {
      execFileSync('ssh-add', ['-q', keyFile], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    },
    async stop() {
      child.kill();
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
