import {
  LineCounter,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Alias,
  type Document,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { InputError, type SourcePosition } from '../model/errors.js';
import { didYouMean } from '../util/names.js';
import { Secret } from '../util/secret.js';
import { Faults } from './faults.js';
import { LiteralText, TAGS, scalarTags } from './scalars.js';
import { PendingSecret, type Entry, type MapNode, type Node, type Scalar } from './tree.js';

/** How a text is read. */
export interface YamlOptions {
  /** True for a file that was decrypted: its texts become secrets, and no error quotes it. */
  readonly vaulted?: boolean;
}

/**
 * Reads one YAML document. An empty one is an empty map. What does not parse, duplicate keys, unknown tags and Jinja
 * expressions are thrown as InputErrors, each at its place.
 */
export function parseYaml(text: string, file: string, options: YamlOptions = {}): Node {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'failsafe',
    customTags: scalarTags,
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const place = (offset: number): SourcePosition => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, ...(options.vaulted === true ? { vaulted: true } : {}) };
  };
  const faults = new Faults();
  // One broken line makes the parser stumble on after it: its first complaint is the one that helps.
  const broken = document.errors[0];
  if (broken !== undefined) faults.add(parseFault(broken, place, options));
  else for (const warning of document.warnings) faults.add(parseFault(warning, place, options));
  faults.throwIfAny();
  const node = new Reader(document, place, options, faults).read(document.contents);
  faults.throwIfAny();
  return node;
}

const PARSE_HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BLOCK_AS_IMPLICIT_KEY: 'put a text that holds ": " in quotes',
  NON_STRING_KEY: 'put a text that begins with { or [ in quotes',
  MULTIPLE_DOCS: 'keep one document in a file: no "---" after the first line',
};

function parseFault(error: YAMLError, place: (offset: number) => SourcePosition, options: YamlOptions): InputError {
  const where = place(error.pos[0]);
  const tag = /^Unresolved tag: (.+)$/.exec(error.message)?.[1];
  if (tag !== undefined) {
    const known: readonly string[] = TAGS;
    if (known.includes(tag)) return new InputError(`${tag} stands in front of a text, not of a map or list`, { where });
    return new InputError(`the tag ${tag} is not known${didYouMean(tag, TAGS) || ` (known: ${TAGS.join(', ')})`}`, { where });
  }
  if (error.code === 'TAG_RESOLVE_FAILED') return new InputError(error.message, { where });
  const message = error.code === 'NON_STRING_KEY' ? 'a key must be a plain word' : error.message;
  return new InputError(`not valid YAML: ${options.vaulted === true ? error.code : message}`, {
    where,
    hint: PARSE_HINTS[error.code],
  });
}

/** Turns the parser's nodes into plain ones with places. Each is read once, however many aliases stand for it. */
class Reader {
  readonly #done = new Map<unknown, Node | 'reading'>();

  constructor(
    readonly document: Document.Parsed,
    readonly place: (offset: number) => SourcePosition,
    readonly options: YamlOptions,
    readonly faults: Faults,
  ) {}

  read(node: unknown): Node {
    const at = this.place(startOf(node));
    if (node === null) return { kind: 'scalar', at, value: null };
    if (isAlias(node)) return this.#alias(node, at);
    const before = this.#done.get(node);
    if (before !== undefined && before !== 'reading') return before;
    this.#done.set(node, 'reading');
    const result = this.#read(node, at);
    this.#done.set(node, result);
    return result;
  }

  #alias(alias: Alias, at: SourcePosition): Node {
    const target = alias.resolve(this.document);
    if (target !== undefined && this.#done.get(target) !== 'reading') return this.read(target);
    const name = this.options.vaulted === true ? '' : ` &${alias.source}`;
    const message =
      target === undefined ? `there is no anchor${name} before this alias` : 'this alias stands inside what it stands for';
    this.faults.add(new InputError(message, { where: at }));
    return { kind: 'scalar', at, value: null };
  }

  #read(node: unknown, at: SourcePosition): Node {
    if (isMap(node)) return this.#map(node, at);
    if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => this.read(item)) };
    return { kind: 'scalar', at, value: isScalar(node) ? this.#scalar(node.value, at) : null };
  }

  #scalar(value: unknown, at: SourcePosition): Scalar {
    if (value instanceof PendingSecret) return value;
    const literal = value instanceof LiteralText;
    const text = literal ? value.text : value;
    if (typeof text === 'string') {
      if (this.options.vaulted === true) return text === '' ? '' : new Secret(text);
      const jinja = literal ? null : /\{\{.*?(?:\}\}|$)|\{%.*?(?:%\}|$)/m.exec(text);
      if (jinja !== null) this.faults.add(jinjaFault(jinja[0], at));
      return text;
    }
    if (typeof text === 'number' || typeof text === 'boolean' || text === null) return text;
    this.faults.add(new InputError('this kind of YAML value cannot be a variable', { where: at, hint: 'write it as text' }));
    return null;
  }

  #map(map: YAMLMap, at: SourcePosition): MapNode {
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    for (const pair of map.items) {
      const keyAt = this.place(startOf(pair.key));
      if (!isScalar(pair.key)) {
        this.faults.add(new InputError('a key must be a plain word', { where: keyAt }));
        continue;
      }
      const key = String(pair.key.value);
      // `key:` with nothing behind it has no node of its own, so it takes its key's place.
      const node: Node = pair.value === null ? { kind: 'scalar', at: keyAt, value: null } : this.read(pair.value);
      if (key === '<<' && pair.key.type === 'PLAIN') this.#merge(node, keyAt, merged);
      else if (own.has(key)) this.faults.add(duplicate(key, own.get(key)?.at, keyAt));
      else own.set(key, { at: keyAt, node });
    }
    return { kind: 'map', at, entries: new Map([...merged, ...own]) };
  }

  /** `<<: *base` or a list of them; of two maps with the same key the earlier wins. */
  #merge(source: Node, at: SourcePosition, into: Map<string, Entry>): void {
    for (const part of source.kind === 'list' ? source.items : [source]) {
      if (part.kind === 'map') for (const [key, entry] of part.entries) into.set(key, into.get(key) ?? entry);
      else this.faults.add(new InputError('"<<" merges maps, and this is none', { where: at }));
    }
  }
}

function startOf(node: unknown): number {
  return (isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range?.[0] : undefined) ?? 0;
}

function duplicate(key: string, first: SourcePosition | undefined, where: SourcePosition): InputError {
  return new InputError(`"${key}" stands here twice: first in line ${first?.line ?? '?'}`, { where, hint: 'keep one of them' });
}

function jinjaFault(expression: string, where: SourcePosition): InputError {
  return new InputError(`${expression} is a Jinja expression, and variables are not templates here`, {
    where,
    hint: 'write the value itself, or work it out in the playbook; "!unsafe" in front keeps the braces as text',
  });
}
