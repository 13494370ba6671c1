/** HTML that may stand in a page as it is. */
export interface Markup {
  readonly html: string;
}

/** A template literal for HTML: what is put into it is escaped, unless it is markup itself. */
export function markup(
  strings: TemplateStringsArray,
  ...parts: readonly (string | number | Markup | readonly Markup[])[]
): Markup {
  return { html: strings.map((piece, index) => piece + toHtml(parts[index] ?? '')).join('') };
}

function toHtml(part: string | number | Markup | readonly Markup[]): string {
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'html' in part ? part.html : part.map((item) => item.html).join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
