import { InputError } from '../model/errors.js';
import { TagError, piecesOf, type Piece } from './tags.js';

/** The pieces of a template's text. Throws InputError, at its place, for what cannot be read or is not checked at run time. */
export function readPieces(file: string, template: string): readonly Piece[] {
  const pieces = split(file, template);
  let offset = 0;
  for (const { kind, open, body, close } of pieces) {
    if (kind === 'raw') {
      throw new InputError('<%- prints undefined silently; nothing is escaped here, so <%= does the same and is checked', {
        where: placeAt(file, template, offset),
        hint: 'write <%= instead of <%-',
      });
    }
    offset += open.length + body.length + close.length;
  }
  return pieces;
}

function split(file: string, template: string): readonly Piece[] {
  try {
    return piecesOf(template);
  } catch (error) {
    if (!(error instanceof TagError)) throw error;
    throw new InputError(`template: ${error.message}`, {
      where: placeAt(file, template, error.offset),
      hint: 'end it with %> (or -%>, which takes the end of the line with it)',
    });
  }
}

function placeAt(file: string, template: string, offset: number) {
  const before = template.slice(0, offset).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
