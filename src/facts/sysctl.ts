import { defineBatchFact, type Read } from '../model/fact.js';
import { quote } from '../util/shell.js';

/** Where a kernel parameter stands: `net.ipv4.ip_forward` is /proc/sys/net/ipv4/ip_forward. As sysctl does, the first separator decides whether dots or slashes separate. */
export function sysctlPath(key: string): string {
  const slash = key.indexOf('/');
  const dot = key.indexOf('.');
  if (slash >= 0 && (dot < 0 || slash < dot)) return `/proc/sys/${key}`;
  return `/proc/sys/${key.replaceAll(/[./]/g, (separator) => (separator === '.' ? '/' : '.'))}`;
}

/** A value with its white space made single spaces: the kernel puts tabs between several numbers. */
export function plainValue(value: string): string {
  return value.trim().split(/\s+/).join(' ');
}

/** The live value of a kernel parameter, white space made plain; undefined where this kernel has none of that name. */
export const sysctlValue: (key: string, options?: { host?: string }) => Read<string | undefined> = defineBatchFact<
  string,
  string | undefined
>({
  name: 'sysctl',
  live: true,
  key: (key) => key,
  topics: (key) => [`sysctl:${key}`],
  // Not sh's `read`: it reads byte by byte, and the kernel gives these files' first byte only then.
  command: (keys) => `grep -Hsm1 '' -- ${keys.map((key) => quote(sysctlPath(key))).join(' ')} || true`,
  parse: ({ stdout }, keys) => {
    const lines = stdout.split('\n');
    return keys.map((key) => {
      const start = `${sysctlPath(key)}:`;
      const line = lines.find((candidate) => candidate.startsWith(start));
      return line === undefined ? undefined : plainValue(line.slice(start.length));
    });
  },
});
