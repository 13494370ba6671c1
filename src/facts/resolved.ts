import { defineFact } from '../model/fact.js';
import { quote } from '../util/shell.js';

/** The addresses that the host itself finds for a name, IPv4 first; none where it finds the name nowhere. */
export const resolved = defineFact<string, readonly string[]>({
  name: 'resolved',
  key: (name) => name,
  topics: () => ['path:/etc/hosts', 'path:/etc/resolv.conf'],
  command: (name) => `getent ahostsv4 ${quote(name)}; getent ahostsv6 ${quote(name)}; true`,
  parse: ({ stdout }) => {
    const addresses = stdout.split('\n').flatMap((line) => /^([0-9a-f.:]+)\s/.exec(line)?.[1] ?? []);
    // For a name with IPv4 addresses only, it gives those again in IPv6's form.
    return [...new Set(addresses)].filter((address) => !address.startsWith('::ffff:'));
  },
});
