/** A host name of the inventory with its ranges written out, and the port behind it (`jump:2222`). */
export interface ExpandedHosts {
  readonly names: readonly string[];
  readonly port: number | undefined;
}

/** More than this in one range is a slip of the finger, not a fleet. */
const MOST_HOSTS = 10_000;

const NAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Writes out Ansible's host ranges, both ends included: `web-[01:20]`, `db-[a:c]`, `web-[1:9:2]`, several in one name.
 * Throws RangeError, whose message says what is wrong with it.
 */
export function expandHosts(pattern: string): ExpandedHosts {
  const [, name = pattern, port] = /^(.*[^:\]]|.*\]):(\d+)$/.exec(pattern) ?? [];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65535))
    throw new RangeError(`${port} is not a port (1 to 65535)`);
  const names = expand(name);
  const bad = names.find((one) => !NAME.test(one));
  if (bad !== undefined) {
    throw new RangeError(
      bad.includes(':')
        ? 'an IPv6 address cannot be a host\'s name; give it a name, and the address as "ansible_host"'
        : `"${bad}" is not a host name (letters, digits, "_", "-" and ".")`,
    );
  }
  return { names, port: port === undefined ? undefined : Number(port) };
}

function expand(pattern: string): string[] {
  const match = /^([^[\]]*)\[([^[\]]*)\](.*)$/.exec(pattern);
  if (!match) {
    if (/[[\]]/.test(pattern)) throw new RangeError(`the brackets of "${pattern}" do not match; a range is written web-[01:20]`);
    return [pattern];
  }
  const [, head = '', range = '', tail = ''] = match;
  const tails = expand(tail);
  const values = rangeValues(range);
  if (values.length * tails.length > MOST_HOSTS) throw new RangeError(`[${range}] makes more than ${MOST_HOSTS} hosts`);
  return values.flatMap((value) => tails.map((rest) => head + value + rest));
}

function rangeValues(range: string): string[] {
  const [first = '', last, stepText = '1', ...more] = range.split(':');
  const example = 'as in [01:20], [a:f] or [1:9:2]';
  if (last === undefined || last === '' || more.length > 0)
    throw new RangeError(`[${range}] is not a range: write its first and last, ${example}`);
  if (!/^[1-9]\d*$/.test(stepText)) throw new RangeError(`the step of [${range}] must be a number from 1 on`);
  const step = Number(stepText);
  if (/^[A-Za-z]$/.test(first) && /^[A-Za-z]$/.test(last)) {
    return count(LETTERS.indexOf(first), LETTERS.indexOf(last), step, range).map((index) => LETTERS.charAt(index));
  }
  const start = first === '' ? '0' : first;
  if (!/^\d+$/.test(start) || !/^\d+$/.test(last))
    throw new RangeError(`[${range}] is not a range: two numbers or two letters, ${example}`);
  const padded = start.length > 1 && start.startsWith('0');
  if (padded && start.length !== last.length)
    throw new RangeError(`the ends of [${range}] must have as many digits as each other`);
  return count(Number(start), Number(last), step, range).map((value) => String(value).padStart(padded ? start.length : 0, '0'));
}

function count(first: number, last: number, step: number, range: string): number[] {
  if (last < first) throw new RangeError(`[${range}] ends before it begins`);
  if ((last - first) / step > MOST_HOSTS) throw new RangeError(`[${range}] makes more than ${MOST_HOSTS} hosts`);
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}
