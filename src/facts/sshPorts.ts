import { defineFact, type Read } from '../model/fact.js';

const sshPortsFact = defineFact<null, readonly number[]>({
  name: 'sshPorts',
  key: () => '',
  topics: () => ['sshd:port'],
  command: () => 'sshd -T 2>/dev/null',
  parse: ({ stdout }) => {
    const ports = stdout.split('\n').flatMap((line) => /^port (\d+)$/.exec(line)?.[1] ?? []);
    return ports.length === 0 ? [22] : [...new Set(ports.map(Number))].sort((a, b) => a - b);
  },
});

/** The ports on which the host's sshd is to listen, by its own configuration; 22 where it does not tell. */
export const sshPorts: Read<readonly number[]> = sshPortsFact(null);
