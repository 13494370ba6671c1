/**
 * Whether an Accept header prefers HTML to JSON. Without a preference (curl's "anything", no header) the answer is no:
 * JSON is for programs, and browsers name text/html.
 */
export function prefersHtml(accept: string | undefined): boolean {
  const ranges = (accept ?? '').split(',').map(parseRange);
  const html = quality(ranges, 'text/html', 'text/*');
  return html > 0 && html > quality(ranges, 'application/json', 'application/*');
}

interface Range {
  readonly type: string;
  readonly q: number;
}

function parseRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith('q='));
  const value = q === undefined ? 1 : Number(q.slice(2));
  return { type, q: Number.isFinite(value) ? value : 0 };
}

/** The quality of the most specific range that fits. */
function quality(ranges: readonly Range[], type: string, group: string): number {
  for (const name of [type, group, '*/*']) {
    const range = ranges.find((candidate) => candidate.type === name);
    if (range !== undefined) return range.q;
  }
  return 0;
}
