import { readFile } from 'node:fs/promises';
import { InputError } from '../../model/errors.js';
import { knownHostsBook, type KnownHostsBook } from './known-hosts-book.js';
import { knownName, parseKnownHosts, type KnownHostsLine } from './known-hosts-line.js';
import { onceAFile } from './once-a-file.js';

/** The known_hosts lines about one host. */
export interface KnownHost {
  /** What the host is looked up by: its HostKeyAlias, or `host`, or `[host]:port`. */
  readonly name: string;
  readonly keys: readonly KnownHostsLine[];
  readonly authorities: readonly KnownHostsLine[];
  readonly revoked: readonly KnownHostsLine[];
  /** Keys known for the host on port 22, where it is reached on another: good to accept, no reason to refuse. */
  readonly keysWithoutPort: readonly KnownHostsLine[];
}

/** What known_hosts says of a key that a host offers. */
export type Verdict =
  | { readonly kind: 'known'; readonly line: KnownHostsLine }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed'; readonly known: readonly KnownHostsLine[] }
  | { readonly kind: 'revoked'; readonly line: KnownHostsLine };

/** Reads what known_hosts files say of a host. Files that do not exist say nothing. InputError for one that cannot be read. */
export async function readKnownHost(
  files: readonly string[],
  where: { readonly host: string; readonly port: number; readonly alias?: string | undefined },
): Promise<KnownHost> {
  const books = await Promise.all(files.map(bookOf));
  const name = where.alias?.toLowerCase() ?? knownName(where.host, where.port);
  const plain = where.alias === undefined ? knownName(where.host, 22) : name;
  const lines = new Map([name, plain].map((one) => [one, books.flatMap((book) => book.linesOf(one))]));
  const of = (marker: KnownHostsLine['marker'], asName: string): KnownHostsLine[] =>
    (lines.get(asName) ?? []).filter((line) => line.marker === marker);
  const either = (marker: KnownHostsLine['marker']): KnownHostsLine[] => [
    ...new Set([...of(marker, name), ...of(marker, plain)]),
  ];
  return {
    name,
    keys: of('key', name),
    authorities: either('cert-authority'),
    revoked: either('revoked'),
    keysWithoutPort: name === plain ? [] : of('key', plain),
  };
}

/**
 * Judges a key. Where any key of the host is known, another one is a changed one, of whatever type it is: the known
 * types are asked for first, so a host that still has its key has shown it.
 */
export function judge(known: KnownHost, key: Buffer): Verdict {
  const same = (line: KnownHostsLine): boolean => line.key.equals(key);
  const revoked = known.revoked.find(same);
  if (revoked !== undefined) return { kind: 'revoked', line: revoked };
  const line = known.keys.find(same);
  if (line !== undefined) return { kind: 'known', line };
  if (known.keys.length > 0) return { kind: 'changed', known: known.keys };
  const elsewhere = known.keysWithoutPort.find(same);
  return elsewhere === undefined ? { kind: 'unknown' } : { kind: 'known', line: elsewhere };
}

const bookOf = onceAFile(async (file: string): Promise<KnownHostsBook> => {
  try {
    return knownHostsBook(parseKnownHosts(await readFile(file, 'utf8'), file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return knownHostsBook([]);
    throw new InputError(`cannot read the known hosts file ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'make it readable for you, or name another with UserKnownHostsFile in ssh_config',
      cause: error,
    });
  }
});
