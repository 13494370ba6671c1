import { isIP } from 'node:net';
import { z } from 'zod';

/** A host's name by RFC 1123, with or without a domain. */
export const hostName = z
  .string()
  .regex(
    /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/,
    "expected a host's name: letters, digits and dashes, in parts of up to 63 characters",
  );

/** A name for /etc/hosts, which takes underscores too. */
export const hostAlias = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, "expected a host's name");

/** An IPv4 or IPv6 address. */
export const ipAddress = z.string().refine((address) => isIP(address) !== 0, 'expected an IP address');

/** One line of /etc/hosts. */
export interface HostEntry {
  readonly address: string;
  readonly names: readonly string[];
}

const BEGIN = '# BEGIN provision';
const END = '# END provision';

/**
 * The text of /etc/hosts with these entries in a marked block, in its old place or at the end. All other lines stay,
 * but a name of the entries is taken out of them (of Debian's `127.0.1.1 OLDNAME`, say): a name has one line that decides.
 * Lines of `localhost` are never touched.
 */
export function hostsText(old: string, entries: readonly HostEntry[]): string {
  const names = new Set(entries.flatMap((entry) => entry.names.map((name) => name.toLowerCase())));
  const block = [BEGIN, ...entries.map(({ address, names: all }) => `${address} ${all.join(' ')}`), END];
  const lines = old === '' ? [] : old.replace(/\n$/, '').split('\n');
  const begin = lines.lastIndexOf(BEGIN);
  const end = lines.indexOf(END, Math.max(begin, 0));
  const [before, after] = begin >= 0 && end >= 0 ? [lines.slice(0, begin), lines.slice(end + 1)] : [lines, []];
  const rest = (some: readonly string[]) =>
    some.flatMap((line) => (line === BEGIN || line === END ? [] : withoutNames(line, names)));
  return `${[...rest(before), ...(entries.length === 0 ? [] : block), ...rest(after)].join('\n')}\n`;
}

function withoutNames(line: string, names: ReadonlySet<string>): readonly string[] {
  const [, entry = '', comment = ''] = /^([^#]*)(#.*)?$/.exec(line) ?? [];
  const [address, ...own] = entry.trim().split(/\s+/);
  const kept = own.filter((name) => name.toLowerCase() === 'localhost' || !names.has(name.toLowerCase()));
  if (address === undefined || kept.length === own.length) return [line];
  return kept.length === 0 ? [] : [`${[address, ...kept].join(' ')}${comment === '' ? '' : ` ${comment}`}`];
}
