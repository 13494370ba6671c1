/** Privileges that an account has on one object, as SHOW GRANTS tells them. */
export interface MysqlGrant {
  /** Upper case, with columns where it has them (``SELECT (`a`)``); `GRANT OPTION` among them. A role is its own quoted name. */
  readonly privileges: readonly string[];
  /** The object, as the server quotes it: `*.*`, `` `app`.* ``. Empty for roles. */
  readonly on: string;
}

/** What the rows of SHOW GRANTS say; one grant for each object, without those that allow nothing (USAGE). */
export function parseGrants(lines: readonly string[]): readonly MysqlGrant[] {
  const byObject = new Map<string, string[]>();
  for (const line of lines) {
    // Other rows (`SET DEFAULT ROLE`, a partial `REVOKE`) give nothing.
    if (!line.startsWith('GRANT ')) continue;
    const to = outside(line, ' TO ');
    const on = outside(line, ' ON ');
    const hasObject = on !== -1 && on < to;
    const object = hasObject ? line.slice(on + 4, to) : '';
    const privileges = split(line.slice(6, hasObject ? on : to)).filter((one) => one !== 'USAGE');
    if (hasObject && line.endsWith(' WITH GRANT OPTION') && privileges[0] !== 'PROXY') privileges.push('GRANT OPTION');
    const all = byObject.get(object) ?? [];
    byObject.set(object, [...all, ...privileges.filter((one) => !all.includes(one))]);
  }
  return [...byObject].filter(([, privileges]) => privileges.length > 0).map(([on, privileges]) => ({ on, privileges }));
}

/** Where a word stands first outside of quotes and parentheses, or -1. */
function outside(text: string, word: string, from = 0): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? '';
    if (depth === 0 && text.startsWith(word, at)) return at;
    if ('\'"`'.includes(character)) at = text.indexOf(character, at + 1) === -1 ? text.length : text.indexOf(character, at + 1);
    else if (character === '(') depth++;
    else if (character === ')') depth--;
  }
  return -1;
}

/** The parts between commas that stand outside of quotes and parentheses. */
function split(list: string): string[] {
  const comma = outside(list, ',');
  return comma === -1 ? [list.trim()] : [list.slice(0, comma).trim(), ...split(list.slice(comma + 1))];
}
