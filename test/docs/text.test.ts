import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Options } from 'yargs';
import { EXIT_CODES_HELP } from '../../src/cli/exitCodes.js';
import { OPTIONS_OF } from '../../src/cli/input/options.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import { sourceFiles } from '../support/sourceGraph.js';
import { blocksOf, handWrittenPages } from './blocks.js';

const root = packageRoot();
const written = handWrittenPages(root);
const pages = [
  ...written,
  ...['docs/tasks', 'docs/roles'].flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`)),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

describe('what the docs say', () => {
  it('links to what is there, headings too', () => {
    const links = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !/^[a-z]+:/.test(target))
        .map((target) => ({ page, target })),
    );
    expect(links).to.have.lengthOf.greaterThan(50);
    expect(
      links.filter(({ page, target }) => !isThere(page, target)).map(({ page, target }) => `${page}: ${target}`),
    ).to.deep.equal([]);
  });

  it('calls the tool with options that it has', () => {
    const calls = written.flatMap((page) => commandLines(page).filter(({ words }) => words[0] === 'provision'));
    expect(calls).to.have.lengthOf.greaterThan(10);
    expect(calls.flatMap(unknownFlags)).to.deep.equal([]);
  });

  it('names npm scripts that there are', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Readonly<Record<string, string>> };
    const named = pages.flatMap((page) =>
      [...textOf(page).matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name = '']) => `${page}: ${name}`),
    );
    expect(named).to.include('README.md: demo');
    expect(named.filter((one) => scripts[one.replace(/^.*: /, '')] === undefined)).to.deep.equal([]);
  });

  it('has the exit codes of the program', () => {
    const rows = [...textOf('README.md').matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, meaning]) => [
      code,
      meaning?.replaceAll('`', ''),
    ]);
    const help = [...EXIT_CODES_HELP.matchAll(/^ +(\d+) +(.*)$/gm)].map(([, code, meaning]) => [code, meaning]);
    expect(rows).to.deep.equal(help);
  });

  it('quotes messages that the program prints', () => {
    const messages = [...textOf('docs/troubleshooting.md').matchAll(/^### (.*)$/gm)].flatMap(([, heading = '']) =>
      [...heading.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
    );
    expect(messages).to.have.lengthOf.greaterThan(15);
    const source = sourceFiles(root, 'src')
      .map(({ text }) => text)
      .join('\n')
      .replaceAll(/\$\{[^}]*\}|\\/g, '…');
    const missing = messages.filter((message) => message.split('…').some((part) => !source.includes(part.trim())));
    expect(missing).to.deep.equal([]);
  });
});

function isThere(page: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(root, file))) return false;
  return heading === undefined || headingsOf(textOf(file)).includes(heading);
}

/** The anchors that GitHub makes of a page's headings. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

interface CommandLine {
  readonly page: string;
  readonly words: readonly string[];
}

/** The lines of a page's blocks that are commands, without comments and without what stands behind `--`. */
function commandLines(page: string): readonly CommandLine[] {
  return blocksOf(root, page)
    .filter(({ language }) => language === '')
    .flatMap(({ text }) => text.split('\n'))
    .map((line) =>
      line
        .replace(/^\$ /, '')
        .replace(/ {2,}#.*$/, '')
        .replace(/ -- .*$/, '')
        .replace(/^npx /, ''),
    )
    .map((line) => ({ page, words: line.split('|')[0]?.trim().split(/\s+/) ?? [] }));
}

function unknownFlags({ page, words: [, ...words] }: CommandLine): readonly string[] {
  const command = words.find((word): word is keyof typeof OPTIONS_OF => word in OPTIONS_OF) ?? 'run';
  const options: Readonly<Record<string, Options>> = OPTIONS_OF[command];
  const known = new Set([...Object.entries(options).flatMap(([name, { alias }]) => [name, ...[alias ?? []].flat()]), 'help']);
  const flags = words.flatMap((word) => /^--?([a-zA-Z][\w-]*)/.exec(word)?.[1] ?? []);
  return flags
    .filter((flag) => !known.has(flag) && !Array.from(flag).every((letter) => known.has(letter)))
    .map((flag) => `${page}: ${command} ${flag}`);
}
