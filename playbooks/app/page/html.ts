/** Markup that may stand in a page as it is. */
export interface Html {
  readonly markup: string;
}

/** A template literal for markup: what is put into it is escaped, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly (string | number | Html | readonly Html[])[]): Html {
  return { markup: strings.map((piece, index) => piece + toMarkup(parts[index] ?? '')).join('') };
}

function toMarkup(part: string | number | Html | readonly Html[]): string {
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'markup' in part ? part.markup : part.map((item) => item.markup).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
