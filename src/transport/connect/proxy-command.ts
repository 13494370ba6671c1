import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { InputError } from '../../model/errors.js';
import { messageOf, unreachable } from './failure.js';
import type { Settings } from './settings.js';
import { expandTokens } from './tokens.js';

/** What stands in for `%h` and `%r` reaches a shell: OpenSSH refuses the same. */
const SAFE = /^[A-Za-z0-9_.:%@[\]+-]*$/;

/** How long the command may take to end after its output has. */
const END_GRACE_MS = 500;

/** A ProxyCommand at work. */
export interface RunningCommand {
  /** Its standard input and output. It ends with the stream. */
  readonly stream: Duplex;
  /** How it ended and what it wrote to standard error, where it ended by itself with an error. */
  complaint(): Promise<string | undefined>;
}

/** Starts a ProxyCommand. */
export async function dialCommand(settings: Settings, command: string): Promise<RunningCommand> {
  for (const word of [settings.host, settings.alias, settings.user]) {
    if (!SAFE.test(word)) {
      throw new InputError(
        `${settings.name}: "${word}" cannot stand in a ProxyCommand: it holds characters that mean something to a shell`,
      );
    }
  }
  const line = expandTokens(command, { ...settings, hostKeyAlias: settings.hostKeyAlias ?? settings.alias });
  const child = spawn('sh', ['-c', `exec ${line}`], { stdio: ['pipe', 'pipe', 'pipe'] });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw unreachable(settings, `the ProxyCommand cannot be started: ${messageOf(error)}`, undefined, error);
  }
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const stream: Duplex = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => undefined);
  stream.once('close', () => {
    // It may be about to say why.
    const forced = setTimeout(() => child.kill(), END_GRACE_MS);
    void ended.then(() => {
      clearTimeout(forced);
    });
  });
  return {
    stream,
    async complaint() {
      const code = await Promise.race([ended, delay(2 * END_GRACE_MS, null, { ref: false })]);
      if (code === null || code === 0) return undefined;
      return `the ProxyCommand \`${line}\` ended with ${code}${stderr.trim() === '' ? '' : `: ${stderr.trim()}`}`;
    },
  };
}
