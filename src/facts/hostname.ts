import { defineFact, type Read } from '../model/fact.js';

const hostnameFact = defineFact<null, string>({
  name: 'hostname',
  live: true,
  key: () => '',
  topics: () => ['hostname:live'],
  command: () => 'uname -n',
  parse: ({ stdout }) => stdout.trim(),
});

/** The name that the kernel of the task's own host has now. */
export const hostname: Read<string> = hostnameFact(null);
