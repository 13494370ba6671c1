import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { InputError } from '../../model/errors.js';
import { messageOf, unreachable } from './failure.js';
import type { Settings } from './settings.js';
import { expandTokens } from './tokens.js';

/** What stands in for `%h` and `%r` reaches a shell: OpenSSH refuses the same. */
const SAFE = /^[A-Za-z0-9_.:%@[\]+-]*$/;

/**
 * Starts a ProxyCommand and gives its standard input and output as one stream. The command ends with the stream.
 * What it writes to standard error comes with the error when it ends early.
 */
export async function dialCommand(settings: Settings, command: string): Promise<Duplex> {
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
  const stream: Duplex = Duplex.from({ readable: child.stdout, writable: child.stdin });
  stream.on('error', () => undefined);
  stream.once('close', () => child.kill());
  child.once('exit', (code, signal) => {
    if (stream.destroyed) return;
    const said = stderr.trim() === '' ? '' : `: ${stderr.trim()}`;
    stream.destroy(new Error(`the ProxyCommand \`${line}\` ended with ${code ?? signal ?? 'an error'}${said}`));
  });
  return stream;
}
