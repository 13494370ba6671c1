/** A part of an EJS template: text that is printed as it is, or a tag. */
export interface Piece {
  /** `run`: `<% … %>`. `print`: `<%= … %>`. `raw`: `<%- … %>`. `comment`: `<%# … %>`. Text has no delimiters. */
  readonly kind: 'text' | 'run' | 'print' | 'raw' | 'comment';
  /** `<%`, `<%_`, `<%=` …; empty for text. */
  readonly open: string;
  readonly body: string;
  /** `%>`, `-%>` or `_%>`; empty for text. */
  readonly close: string;
}

/** A template that EJS cannot read: a tag that is not closed. */
export class TagError extends Error {
  constructor(
    readonly tag: string,
    /** Characters in front of the tag. */
    readonly offset: number,
  ) {
    super(`the tag ${tag} is not closed`);
  }
}

const DELIMITER = /<%%|%%>|<%=|<%-|<%_|<%#|<%|%>|-%>|_%>/g;

const KINDS: Readonly<Record<string, Piece['kind']>> = { '<%': 'run', '<%_': 'run', '<%=': 'print', '<%-': 'raw', '<%#': 'comment' };

/**
 * Takes a template apart as EJS does; the pieces together are the template. `<%%` and `%%>` (which print a delimiter), and
 * a closing delimiter without an opening one, are text. Throws TagError.
 */
export function piecesOf(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  const delimiters = [...template.matchAll(DELIMITER)];
  let done = 0;
  for (const [index, { 0: open, index: start }] of delimiters.entries()) {
    const kind = KINDS[open];
    if (start < done || kind === undefined) continue;
    const next = delimiters[index + 1];
    if (next === undefined || !/^[-_]?%>$/.test(next[0])) throw new TagError(open, start);
    if (start > done) pieces.push(text(template.slice(done, start)));
    pieces.push({ kind, open, body: template.slice(start + open.length, next.index), close: next[0] });
    done = next.index + next[0].length;
  }
  if (done < template.length) pieces.push(text(template.slice(done)));
  return pieces;
}

function text(body: string): Piece {
  return { kind: 'text', open: '', body, close: '' };
}
