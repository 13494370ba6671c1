import { defineFact, type Read } from '../model/fact.js';

const sshPortsFact = defineFact<null, readonly number[]>({
  name: 'sshPorts',
  key: () => '',
  topics: () => ['sshd:port'],
  command: () => 'sshd -T 2>/dev/null',
  parse: parseSshPorts,
});

/** Reads what `sshd -T` prints: keywords are in small letters up to OpenSSH 10.0, and as in the manual in 10.6. */
export function parseSshPorts({ stdout }: { readonly stdout: string }): readonly number[] {
  const ports = stdout.split('\n').flatMap((line) => /^port (\d+)$/i.exec(line)?.[1] ?? []);
  return ports.length === 0 ? [22] : [...new Set(ports.map(Number))].sort((a, b) => a - b);
}

/** The ports on which the host's sshd is to listen, by its own configuration; 22 where it does not tell. */
export const sshPorts: Read<readonly number[]> = sshPortsFact(null);
