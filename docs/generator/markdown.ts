import { plain } from './faults.js';
import type { Option } from './schema.js';
import { code } from './words.js';

/** A generated page: its path in the project and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** Puts a page together: parts with a line between them, those that are empty left out. */
export function page(path: string, parts: readonly string[]): Page {
  return { path, text: `${parts.filter((part) => part !== '').join('\n\n')}\n` };
}

/** A table of options: those that must be given first, the keys of objects below their option. */
export function optionTable(options: readonly Option[]): string {
  const sorted = [...options.filter(({ required }) => required), ...options.filter(({ required }) => !required)];
  return table(
    ['Option', 'Takes', 'Default', 'Meaning'],
    sorted.flatMap((option) => rows(option, '')),
  );
}

function rows(option: Option, prefix: string): readonly (readonly string[])[] {
  const name = prefix + option.name;
  const below = option.words.startsWith('list') ? `${name}[].` : `${name}.`;
  return [
    [code(name), escaped(option.words), defaultOf(option), meaningOf(option)],
    ...option.nested.flatMap((inner) => rows(inner, below)),
  ];
}

/** The docstring, without a last sentence that only repeats the default. */
function meaningOf({ doc, default: value }: Option): string {
  const last = /(?:^| )Default ([^ ]+)\.$/.exec(doc);
  return last?.[1] !== undefined && plain(last[1]) === plain(value ?? '') ? doc.slice(0, last.index) : doc;
}

/** Words that are no Markdown, apart from code in them. */
function escaped(words: string): string {
  return words
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll(/[*_<]/g, '\\$&')))
    .join('');
}

function defaultOf({ required, default: value }: Option): string {
  if (required) return '**required**';
  return value === undefined || value === '{}' || value === '[]' ? '' : code(value);
}

/** A Markdown table. */
export function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...lines.map(line)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

export function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** The first sentence of a docstring. */
export function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/s.exec(text)?.[0].replace(/:$/, '.') ?? text;
}

/** The last line of each page. */
export function footer(source: string, up: string): string {
  return `_Made from [${source}](${up}${source}) by \`npm run docs\`._`;
}
