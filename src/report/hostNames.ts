/** A name taken apart at its number: `web-01.example.org` is `web-`, `01`, `.example.org`. */
interface Numbered {
  readonly before: string;
  readonly digits: string;
  readonly after: string;
}

/** Ranges shorter than this are clearer as names. */
const SHORTEST_RANGE = 3;

/**
 * Names of hosts in a few words, in their order: `lb-01, web-[01:20]`, in the form that inventories have for ranges.
 * A range holds neighbours only, and is written where it stands for three names or more.
 */
export function shortNames(hosts: readonly string[]): readonly string[] {
  const left = new Set(hosts);
  return hosts.flatMap((host) => {
    if (!left.has(host)) return [];
    const range = neighbours(host, left);
    if (range.length < SHORTEST_RANGE) {
      left.delete(host);
      return [host];
    }
    for (const one of range) left.delete(one);
    return [rangeName(range)];
  });
}

/** Names of hosts on one line: a few of them in short, of very many the number of those that have no room. */
export function hostList(hosts: readonly string[], mostNames = 12): string {
  const names = shortNames(hosts);
  if (names.length <= mostNames) return names.join(', ');
  const shown = names.slice(0, mostNames);
  return `${shown.join(', ')} and ${names.length - mostNames} more`;
}

/** The host with those before and after it that are there too. */
function neighbours(host: string, all: ReadonlySet<string>): readonly [string, ...string[]] {
  const parts = apart(host);
  if (parts === undefined) return [host];
  const walk = (step: 1 | -1): readonly string[] => {
    const found: string[] = [];
    for (let number = Number(parts.digits) + step; number >= 0; number += step) {
      const name = nameOf(parts, number);
      if (!all.has(name)) break;
      found.push(name);
    }
    return found;
  };
  const earlier = [...walk(-1)].reverse();
  const [first = host, ...rest] = [...earlier, host, ...walk(1)];
  return [first, ...rest];
}

function nameOf({ before, digits, after }: Numbered, number: number): string {
  // 01 fills with zeros, 1 does not.
  const width = digits.startsWith('0') ? digits.length : 1;
  return `${before}${String(number).padStart(width, '0')}${after}`;
}

function rangeName(range: readonly [string, ...string[]]): string {
  const first = apart(range[0]);
  const last = apart(range.at(-1) ?? range[0]);
  if (first === undefined || last === undefined) return range.join(', ');
  return `${first.before}[${first.digits}:${last.digits}]${first.after}`;
}

/** The last number of the name's first part, which is where hosts are counted. */
function apart(host: string): Numbered | undefined {
  const [, before = '', digits, after = ''] = /^([^.]*?)(\d{1,9})([^\d.]*(?:\..*)?)$/.exec(host) ?? [];
  return digits === undefined ? undefined : { before, digits, after };
}
