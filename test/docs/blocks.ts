import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
  /**
   * The file that it is, where a comment in its first line says so: `// src/a.ts`, `# a.yml`. A template's is in its second
   * line, `<%# a.ejs -%>`, behind the type of its variables.
   */
  readonly file: string | undefined;
  /** Of its first line in the page. */
  readonly line: number;
}

/** The pages that are written by hand: README.md and those of docs/ itself. */
export function handWrittenPages(root: string): readonly string[] {
  const docs = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
  return ['README.md', ...docs.sort().map((file) => `docs/${file}`)];
}

/** The fenced blocks of a page. */
export function blocksOf(root: string, page: string): readonly Block[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ 1: language = '', 2: body = '', index }) => ({
    page,
    language,
    text: body,
    file: fileNamedBy(body),
    line: text.slice(0, index).split('\n').length + 1,
  }));
}

function fileNamedBy(body: string): string | undefined {
  const [first = '', second = ''] = body.split('\n');
  const line = first.startsWith('<%# vars:') ? second : first;
  return /^(?:\/\/|#|<%#) ([\w./-]+\.(?:ts|yml|ejs))(?=$|[ :])/.exec(line)?.[1];
}
