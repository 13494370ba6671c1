import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { boxName } from './boxRecipe.js';
import { copyDir, logFile, vagrantHome } from './paths.js';

/** What makes the Vagrantfile's machines local ones of our box, emulated in software. */
const env = {
  VAGRANT_HOME: vagrantHome,
  VAGRANT_CHECKPOINT_DISABLE: '1',
  VAGRANT_DEFAULT_PROVIDER: 'libvirt',
  PROVISION_BOX: boxName,
  PROVISION_LIBVIRT_DRIVER: 'qemu',
  // Three emulated machines share what other work leaves of the processor.
  PROVISION_BOOT_TIMEOUT: '900',
  PROVISION_ARGS: '--output plain --timeout 120',
};

/**
 * Runs vagrant in the copy of the checkout; all that it writes goes to our output and to the log.
 * @param signal asks it to stop, as Ctrl-C does; it does not see the terminal's own, and puts away what it is at
 * @param minutes after which it is killed
 * @returns what it wrote
 * @throws Error when it fails.
 */
export async function vagrant(args: readonly string[], signal?: AbortSignal, minutes = 90): Promise<string> {
  signal?.throwIfAborted();
  const log = createWriteStream(logFile, { flags: 'a' });
  const line = `$ vagrant ${args.join(' ')}\n`;
  process.stdout.write(line);
  log.write(line);
  const child = spawn('vagrant', [...args, '--no-tty', '--no-color'], {
    cwd: copyDir,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    timeout: minutes * 60_000,
    killSignal: 'SIGKILL',
  });
  const interrupt = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  };
  signal?.addEventListener('abort', interrupt);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      process.stdout.write(part);
      log.write(part);
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  signal?.removeEventListener('abort', interrupt);
  log.end();
  signal?.throwIfAborted();
  if (code !== 0) throw new Error(`vagrant ${args.join(' ')} failed (${code === null ? 'killed' : `exit code ${code}`})`);
  return text;
}
