import type { Kind } from './kinds.js';
import type { Member } from './members.js';
import type { Role } from './roles.js';
import type { Option } from './schema.js';

/** What is wrong with the docstrings that the pages are made of, a sentence each with its place. */
export function docFaults(kinds: readonly Kind[], roles: readonly Role[], meta: readonly Member[]): readonly string[] {
  return [
    ...kinds.flatMap(({ name, doc, examples, options, path }) => [
      ...(doc === '' ? [`${path}: the kind ${name} has no docstring`] : []),
      ...(examples.length === 0 ? [`${path}: the docstring of ${name} has no @example`] : []),
      ...options.flatMap((option) => optionFaults(option, 'option')),
    ]),
    ...roles.flatMap(({ functions, vars, path }) => [
      ...functions.flatMap(({ name, doc }) => (doc === '' ? [`${path}: the role function ${name} has no docstring`] : [])),
      ...vars.options.flatMap((option) => optionFaults(option, 'variable')),
    ]),
    ...meta.flatMap(({ name, doc, place }) => (doc === '' ? [`${place}: ${name} has no docstring`] : [])),
  ];
}

function optionFaults(option: Option, what: string): readonly string[] {
  const { name, doc, place, nested } = option;
  const claimed = claimedDefault(option);
  return [
    ...(doc === '' ? [`${place}: the ${what} ${name} has no docstring`] : []),
    ...(claimed === undefined || claimed === plain(option.default ?? '')
      ? []
      : [`${place}: the docstring of ${name} says "Default ${claimed}", the schema ${option.default ?? 'has none'}`]),
    ...nested.flatMap((inner) => optionFaults(inner, what)),
  ];
}

/** The value in a docstring's `Default 600.`, where the schema has a default too or should. */
function claimedDefault({ doc, default: value, required }: Option): string | undefined {
  const claim = /\bDefault (`[^`]+`|-?\d[\d_.]*\d|\d|true|false)(?=[.,;:]|$| )/.exec(doc)?.[1];
  // An optional one may have its default further on: where the command is made, say.
  return claim === undefined || (value === undefined && !required) ? undefined : plain(claim);
}

/** A default's bare value, however it is quoted. */
export function plain(text: string): string {
  return text.replaceAll(/[`'"]/g, '');
}
