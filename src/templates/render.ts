import ejs from 'ejs';
import { readFileSync } from 'node:fs';
import { InputError } from '../model/errors.js';
import { didYouMean } from '../util/names.js';
import { declarationFault } from './declaration.js';
import { readPieces } from './pieces.js';
import { MASK, Secret, reveal, type Text } from '../util/secret.js';

/** The name that stands for the variables in a template: `<%= v.domain %>`. */
const LOCALS = 'v';

/**
 * Renders an EJS template. Variables are the properties of `v`; a name that `vars` has not, or printing what is
 * undefined or null, is an InputError at the template's line. Nothing is escaped for HTML. The result is secret in those
 * parts that come from a Secret. A template that uses variables must name their type in its first line, which
 * `provision validate` checks it against.
 */
export function renderTemplate(file: string, vars: Readonly<Record<string, unknown>>): Text {
  const source = readTemplate(file);
  const secrets: Secret[] = [];
  // A secret leaves a mark in the rendered text, which is then replaced twice: by its value and by its mask.
  const print = (value?: unknown): string => {
    if (value instanceof Secret) return `\0${secrets.push(value) - 1}\0`;
    if (value === undefined || value === null) throw new TypeError(`prints ${String(value)}`);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw new TypeError(`prints ${Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`}; pick a part of it`);
  };
  const rendered = run(file, source, strict(vars), print);
  if (secrets.length === 0) return rendered;
  const fill = (part: (secret: Secret) => string) =>
    rendered.replaceAll(/\0(\d+)\0/g, (_, index: string) => part(secrets[Number(index)] ?? new Secret('')));
  return new Secret(
    fill(reveal),
    fill(() => MASK),
  );
}

function readTemplate(file: string): string {
  const source = readFileSync(file, 'utf8');
  const fault = declarationFault(file, source, readPieces(file, source));
  if (fault !== undefined) throw fault;
  return source;
}

function run(file: string, source: string, vars: object, print: (value?: unknown) => string): string {
  try {
    // EJS copies the variables it is given, which would lose the strict proxy: it travels one level down.
    const template = ejs.compile(`<% const ${LOCALS} = locals.${LOCALS}; %>${source}`, {
      filename: file,
      _with: false,
      localsName: 'locals',
      escape: print,
      compileDebug: true,
      rmWhitespace: false,
    });
    return template({ [LOCALS]: vars });
  } catch (error) {
    throw asInputError(file, error);
  }
}

/** EJS tells a fault's line only in the text of its message: `file:12`, then an excerpt, then the fault. */
function asInputError(file: string, error: unknown): InputError {
  const message = error instanceof Error ? error.message : String(error);
  const line = /:(\d+)\n/.exec(message)?.[1];
  const reason = message.split('\n\n').at(-1)?.split('\n')[0] ?? message;
  return new InputError(`template: ${reason}`, {
    where: { file, ...(line === undefined ? {} : { line: Number(line) }) },
    cause: error,
  });
}

function strict(vars: Readonly<Record<string, unknown>>): object {
  return new Proxy(vars, {
    get: (target, name) => {
      if (typeof name === 'symbol' || name in target) return Reflect.get(target, name) as unknown;
      throw new ReferenceError(
        `no variable "${LOCALS}.${name}" is given to this template${didYouMean(name, Object.keys(target))}`,
      );
    },
  });
}
