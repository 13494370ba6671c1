import ts from 'typescript';
import { expandHosts } from '../../../src/inventory/hostRange.js';

/** What a word is that a mutant misspells. */
export type MutantKind = 'option' | 'variable' | 'name' | 'group' | 'host' | 'template' | 'tag' | 'value' | 'module' | 'section';

/** A word of a shipped file. */
export interface Word {
  readonly kind: MutantKind;
  /** Relative to the package. */
  readonly file: string;
  /** Characters in front of it. */
  readonly offset: number;
  readonly text: string;
}

/** The same file with that one word misspelt. */
export interface Mutant extends Word {
  readonly typo: string;
  readonly mutated: string;
}

/** What refuses a mutant. */
export interface Fault {
  readonly message: string;
  readonly file: string;
  readonly line: number | undefined;
}

/**
 * Whether a fault proposes the word that was meant; of a range of hosts, one of them. A misspelt definition is found where
 * it is used: there it is proposed itself.
 */
export function isRight({ kind, text, typo }: Mutant, { message }: Fault): boolean {
  const [, proposed = ''] = message.split('did you mean');
  const meant = kind === 'host' ? expandHosts(text).names : [text];
  return meant.some((one) => proposed.includes(`"${one}"`)) || (message.includes(text) && proposed.includes(`"${typo}"`));
}

/** Where a word stands, for people: `playbooks/site.ts:12 "web" → "wbe"`. */
export function describe(mutant: Mutant, source: string): string {
  const line = source.slice(0, mutant.offset).split('\n').length;
  return `${mutant.file}:${line} ${mutant.kind} "${mutant.text}" → "${mutant.typo}"`;
}

/**
 * Misspells words by one letter: in turn one is dropped, doubled or swapped with the next, at a place that differs from word
 * to word. What comes out is none of the names that there are: a name in place of another is no typo.
 */
export function misspell(
  words: readonly Word[],
  sources: ReadonlyMap<string, string>,
  names: ReadonlySet<string>,
): readonly Mutant[] {
  return words.flatMap((word, index) => {
    const typo = typos(word.text, index).find((one) => !names.has(one) && one !== word.text && !isReserved(one));
    const source = sources.get(word.file);
    if (typo === undefined || source === undefined) return [];
    const mutated = source.slice(0, word.offset) + typo + source.slice(word.offset + word.text.length);
    return [{ ...word, typo, mutated }];
  });
}

/** All typos of a word, beginning with one that its number chooses. */
function typos(word: string, number: number): readonly string[] {
  const letters = [...word.matchAll(/[A-Za-z]/g)].map(({ index }) => index);
  const all = letters.flatMap((at) => {
    const next = word[at + 1] ?? '';
    const dropped = word.slice(0, at) + word.slice(at + 1);
    const doubled = word.slice(0, at + 1) + word.slice(at);
    const swapped = word.slice(0, at) + next + (word[at] ?? '') + word.slice(at + 2);
    return [...(word.length > 1 ? [dropped] : []), doubled, ...(/[A-Za-z]/.test(next) ? [swapped] : [])];
  });
  const start = all.length === 0 ? 0 : (number * 7) % all.length;
  return [...all.slice(start), ...all.slice(0, start)].filter((one) => /^[A-Za-z_]/.test(one) || !/^[A-Za-z_]/.test(word));
}

/** Words of the language are no names either. */
function isReserved(word: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2023, true, ts.LanguageVariant.Standard, word);
  const token = scanner.scan();
  return token >= ts.SyntaxKind.FirstReservedWord && token <= ts.SyntaxKind.LastReservedWord;
}
