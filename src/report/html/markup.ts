import { printable } from '../text.js';

/** Markup that is safe to put into a page as it is. Only `html` makes it. */
export class Markup {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** For `html`, and for constants of this program. */
  static trusted(text: string): Markup {
    return new Markup(text);
  }

  toString(): string {
    return this.#text;
  }
}

/** What can stand in a page: texts are escaped, lists are joined, `undefined` is nothing. */
export type Piece = Markup | string | number | undefined | readonly Piece[];

/** A template literal of markup: html`<b>${text}</b>`. Whatever is put in is escaped unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return Markup.trusted(strings.map((text, index) => text + written(pieces[index])).join(''));
}

function written(piece: Piece): string {
  if (piece === undefined) return '';
  if (piece instanceof Markup) return piece.toString();
  if (typeof piece === 'string' || typeof piece === 'number') return escaped(String(piece));
  return piece.map(written).join('');
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for elements and quoted attributes. What a terminal would not show as text is taken out, as on the screen. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => NAMED[character] ?? '');
}
