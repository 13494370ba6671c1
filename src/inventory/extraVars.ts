import { resolve } from 'node:path';
import { InputError } from '../model/errors.js';
import type { VaultSource } from '../vault/keys.js';
import { Faults } from './faults.js';
import { expandHome } from './paths.js';
import { readYamlFile } from './readFile.js';
import type { Entry, Node, Scalar } from './tree.js';
import { readLayer, type Layer } from './variables.js';
import { parseYaml } from './yaml.js';

/** The name under which errors speak of variables from the command line. */
const FILE = '--extra-vars';

/**
 * Variables of the command line, later ones winning. Each item is
 * - `name=value`, several with spaces between them. Other than in Ansible, where all of these are text, a value that is
 *   a number, true, false, yes, no, on, off or null is taken as that, so that it fits a typed variable; a number only
 *   where it would print as it was typed (`0644` and `1.10` stay text). In quotes a value is always text: `port='"80"'`;
 * - a map in YAML or JSON, begun with `{`;
 * - `@FILE`, a YAML or JSON file, which may be vaulted; relative to `cwd`.
 * Throws InputErrors.
 */
export async function parseExtraVars(
  items: readonly string[],
  options: { readonly cwd?: string; readonly vault?: readonly VaultSource[] } = {},
): Promise<Layer> {
  const faults = new Faults();
  const merged = new Map<string, Entry>();
  for (const item of items) {
    const layer = await faults.attempt(() => readItem(item.trim(), options.cwd ?? process.cwd(), options.vault ?? [], faults));
    for (const [name, entry] of layer ?? []) merged.set(name, entry);
  }
  faults.throwIfAny();
  return merged;
}

async function readItem(item: string, cwd: string, vault: readonly VaultSource[], faults: Faults): Promise<Layer> {
  if (item.startsWith('@')) {
    const file = expandHome(item.slice(1));
    return readLayer(await readYamlFile(resolve(cwd, file), vault), 'the file', faults);
  }
  if (item.startsWith('{')) return readLayer(parseYaml(item, FILE), 'it', faults);
  const pairs = words(item).map((word, index, all): [string, Node] => {
    const equals = word.text.indexOf('=');
    if (equals < 1) throw notAPair(all[index - 1]?.text);
    return [word.text.slice(0, equals), scalar(word.quoted ? word.text.slice(equals + 1) : typed(word.text.slice(equals + 1)))];
  });
  const entries = new Map(pairs.map(([name, node]): [string, Entry] => [name, { at: node.at, node }]));
  return readLayer({ kind: 'map', at: { file: FILE }, entries }, 'it', faults);
}

function scalar(value: Scalar): Node {
  return { kind: 'scalar', at: { file: FILE }, value };
}

function typed(text: string): Scalar {
  if (/^(?:yes|no|true|false|on|off)$/i.test(text)) return /^(?:yes|true|on)$/i.test(text);
  if (text === 'null' || text === '~') return null;
  return text !== '' && String(Number(text)) === text ? Number(text) : text;
}

interface Word {
  readonly text: string;
  /** Whether its value was in quotes. */
  readonly quoted: boolean;
}

/** Splits at spaces outside of quotes, and takes the quotes away. */
function words(line: string): readonly Word[] {
  const found = line.match(/(?:[^\s"']|"(?:\\.|[^"\\])*"|'[^']*')+|["']/g) ?? [];
  if (found.some((word) => word === '"' || word === "'")) throw new InputError('--extra-vars: a quote is not closed');
  return found.map((word) => ({
    text: word.replace(
      /"((?:\\.|[^"\\])*)"|'([^']*)'/g,
      (_, double?: string, single?: string) => single ?? double?.replace(/\\(["\\])/g, '$1') ?? '',
    ),
    quoted: /=["']/.test(word),
  }));
}

/** Says which part it is without repeating it: it may be the second half of a password. */
function notAPair(before: string | undefined): InputError {
  const place =
    before === undefined ? 'it does not begin with name=value' : `what follows ${before.split('=')[0] ?? ''}=… is not name=value`;
  return new InputError(`--extra-vars: ${place}`, {
    hint: 'a value with spaces needs quotes of its own: \'name="two words"\'; a file is @vars.yml',
  });
}
