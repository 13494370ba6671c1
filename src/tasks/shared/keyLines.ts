const TYPE = String.raw`(?:ssh-[a-z0-9-]+|ecdsa-sha2-[a-z0-9-]+|sk-[a-z0-9-]+)(?:@openssh\.com)?`;
const KEY = new RegExp(String.raw`(?:^|\s)(${TYPE}\s+(AAAA[A-Za-z0-9+/]+=*))(?:\s+(.*\S))?\s*$`);

/** A line of an authorized_keys file. */
export interface KeyLine {
  /** What stands before the key: `from="10.0.0.0/8",no-pty`. */
  readonly options: string;
  /** The key itself in base64, which tells keys apart. */
  readonly blob: string;
  readonly comment: string;
}

/** Reads a public key's line; undefined for what is none: a comment, an empty line, damage. */
export function parseKeyLine(line: string): KeyLine | undefined {
  if (/^\s*(#|$)/.test(line)) return undefined;
  const match = KEY.exec(line);
  if (match === null) return undefined;
  return { options: line.slice(0, match.index).trim(), blob: match[2] ?? '', comment: match[3] ?? '' };
}

/** The text with these keys in it, each once and as given; the others stay, unless the given ones are to be the only ones. */
export function withKeys(text: string, wanted: readonly string[], exclusive: boolean): string {
  if (exclusive) return ended(wanted);
  const open = new Map(wanted.map((line) => [parseKeyLine(line)?.blob, line]));
  const blobs = new Set(open.keys());
  const lines = linesOf(text).flatMap((line) => {
    const blob = parseKeyLine(line)?.blob;
    if (blob === undefined || !blobs.has(blob)) return [line];
    const given = open.get(blob);
    open.delete(blob);
    return given === undefined ? [] : [given];
  });
  return ended([...lines, ...open.values()]);
}

/** The text without these keys. */
export function withoutKeys(text: string, unwanted: readonly string[]): string {
  const blobs = new Set(unwanted.map((line) => parseKeyLine(line)?.blob));
  const lines = linesOf(text).filter((line) => {
    const blob = parseKeyLine(line)?.blob;
    return blob === undefined || !blobs.has(blob);
  });
  return ended(lines);
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function ended(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
