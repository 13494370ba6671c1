import { matchesHost, type KnownHostsLine } from './known-hosts-line.js';

/** The lines of a known_hosts file, made ready to be asked about many hosts. */
export interface KnownHostsBook {
  /** The lines about a host, given by the name that it is known by (see `knownName`), in the file's order. */
  linesOf(name: string): readonly KnownHostsLine[];
}

/** What a plain list of names is made of; wildcards, negations and hashes are not. */
const PLAIN = /^[^*?!|]+$/;

export function knownHostsBook(lines: readonly KnownHostsLine[]): KnownHostsBook {
  const plain = new Map<string, KnownHostsLine[]>();
  const others: KnownHostsLine[] = [];
  for (const line of lines) {
    if (!PLAIN.test(line.hosts)) others.push(line);
    else {
      for (const name of new Set(line.hosts.toLowerCase().split(','))) {
        const same = plain.get(name) ?? [];
        same.push(line);
        plain.set(name, same);
      }
    }
  }
  // A hash costs a computation a line and host; it is of one name alone, so a line that was recognised is nobody else's.
  const recognised = new Map<KnownHostsLine, string>();
  const matches = (line: KnownHostsLine, name: string): boolean => {
    const hashed = line.hosts.startsWith('|');
    const of = hashed ? recognised.get(line) : undefined;
    if (of !== undefined) return of === name;
    const found = matchesHost(line, name);
    if (found && hashed) recognised.set(line, name);
    return found;
  };
  return {
    linesOf: (name) =>
      [...(plain.get(name) ?? []), ...others.filter((line) => matches(line, name))].sort((a, b) => a.line - b.line),
  };
}
