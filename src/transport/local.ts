import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import type { ByteChannel, Transport } from './channel.js';

/** This machine as a host (`ansible_connection: local`). */
export function localTransport(host: string): Transport {
  const running = new Set<ByteChannel>();
  return {
    host,
    loginUser: userInfo().username,
    start: (command) => {
      const child = spawn('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
      const channel: ByteChannel = {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        exit: new Promise((resolve) => {
          child.once('error', () => {
            resolve(undefined);
          });
          child.once('close', (code) => {
            running.delete(channel);
            resolve(code ?? undefined);
          });
        }),
        destroy: () => {
          if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
            process.kill(-child.pid, 'SIGKILL');
        },
      };
      // A command that ends before it read all its input is told by its exit code.
      child.stdin.on('error', () => undefined);
      running.add(channel);
      return Promise.resolve(channel);
    },
    close: () => {
      for (const channel of running) channel.destroy();
      return Promise.resolve();
    },
  };
}
