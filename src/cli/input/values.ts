import { InputError } from '../../model/errors.js';
import { didYouMean } from '../../util/names.js';

/** What yargs hands over for an option that takes a value: nothing, one text, or several where it was repeated. */
type Given = string | readonly string[] | undefined;

/** One text, given once. */
export function single(flag: string): (given: Given) => string | undefined {
  return (given) => {
    if (given === undefined) return undefined;
    if (typeof given !== 'string') throw new InputError(`${flag} was given ${given.length} times`, { hint: 'give it once' });
    if (given.trim() === '') throw new InputError(`${flag} needs a value, and got an empty one`);
    return given;
  };
}

/** Texts of an option that may be repeated. */
export function repeated(flag: string): (given: Given) => readonly string[] {
  return (given) => {
    const all = given === undefined ? [] : typeof given === 'string' ? [given] : given;
    if (all.some((one) => one.trim() === '')) throw new InputError(`${flag} needs a value, and got an empty one`);
    return all;
  };
}

/** Names with commas between them; the option may be repeated too. */
export function names(flag: string): (given: Given) => readonly string[] {
  const list = repeated(flag);
  return (given) =>
    list(given).flatMap((one) =>
      one
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== ''),
    );
}

/** A whole number between two others, both allowed. */
export function whole(flag: string, least: number, most: number): (given: Given) => number | undefined {
  const one = single(flag);
  return (given) => {
    const text = one(given);
    if (text === undefined) return undefined;
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (!(number >= least && number <= most)) {
      throw new InputError(`${flag} takes a whole number from ${least} to ${most}, and got "${text}"`);
    }
    return number;
  };
}

/** One of some words. */
export function choice<T extends string>(flag: string, words: readonly T[]): (given: Given) => T | undefined {
  const one = single(flag);
  return (given) => {
    const text = one(given);
    const word = words.find((candidate) => candidate === text);
    if (text === undefined || word !== undefined) return word;
    throw new InputError(`${flag} takes ${words.join(', ')}, and got "${text}"${didYouMean(text, words)}`);
  };
}
