import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format } from 'prettier';
import ts from 'typescript';
import { readKinds } from '../../docs/generator/kinds.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import { blocksOf, handWrittenPages, type Block } from './blocks.js';

const root = packageRoot();

describe('examples in the docs', function () {
  this.timeout(60_000);
  // Inside the package, so that `provision/…` and the modules are found as they are by a user's files.
  let folder: string;
  before(() => {
    mkdirSync(join(root, 'dist'), { recursive: true });
    folder = mkdtempSync(join(root, 'dist/examples-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const blocks = handWrittenPages(root).flatMap((page) => blocksOf(root, page));

  /** Writes the blocks of a page as the files that they are. */
  function write(page: string): string {
    const home = join(folder, page.replaceAll(/[/.]/g, '-'));
    for (const block of blocks.filter((one) => one.page === page)) {
      const file = join(home, fileOf(block));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, block.text);
    }
    return home;
  }

  it('compile, those of every page', () => {
    const typescript = blocks.filter(({ language }) => language === 'ts');
    expect(typescript.map(({ page }) => page)).to.include.members([
      'README.md',
      'docs/writing-a-task.md',
      'docs/writing-a-playbook.md',
    ]);
    const files = typescript.map((block) => join(write(block.page), fileOf(block)));
    expect(compile(files)).to.deep.equal([]);
  });

  it('compile, those of the kinds of task', () => {
    const kinds = readKinds(root);
    const lines = kinds.flatMap(({ name, path, examples }) => [
      `import { ${name} } from '${path.replace(/^src/, 'provision').replace(/\.ts$/, '')}';`,
      ...examples.map((example, index) => `export const ${name}${index} = [${example}];`),
    ]);
    const file = join(folder, 'kinds.ts');
    writeFileSync(file, [GIVEN, ...lines].join('\n'));
    expect(compile([file])).to.deep.equal([]);
  });

  it('of a kind with its test: the test runs and passes', () => {
    const home = write('docs/writing-a-task.md');
    const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
    const { stdout, stderr } = run(home, '--import', 'tsx', mocha, '--no-config', '--reporter', 'json', 'test/timezone.test.ts');
    const report = parseJson(stdout) as { stats: { passes: number; failures: number } } | undefined;
    expect(report?.stats, stdout + stderr).to.include({ passes: 5, failures: 0 });
  });

  it('of the README: the tool lists the tasks of its playbook', () => {
    const home = write('README.md');
    writeFileSync(join(home, 'inventory/plain.yml'), PLAIN);
    const { stdout, stderr, status } = run(home, join(root, 'dist/cli/main.cjs'), '-i', 'plain.yml', '--list-tasks', 'hello');
    expect(stdout, stderr).to.include('template /var/www/html/index.html');
    expect(status).to.equal(0);
  });

  it('of a playbook: the tool lists its tasks, and would make the file', () => {
    const home = write('docs/writing-a-playbook.md');
    const cli = join(root, 'dist/cli/main.cjs');
    const list = run(home, cli, '-i', 'hosts.yml', '--list-tasks');
    expect(list.stdout + list.stderr).to.include('template /etc/motd');
    expect(list.status).to.equal(0);
    // These have no variables, so their inventory must have none.
    writeFileSync(join(home, 'inventory/plain.yml'), PLAIN);
    for (const playbook of ['gathering', 'elsewhere']) {
      const { stdout, stderr, status } = run(home, cli, '-i', 'plain.yml', '--list-tasks', playbook);
      expect(status, stdout + stderr).to.equal(0);
    }
    const extra = '{ ansible_connection: local, greeting: Hello }';
    const dry = run(home, cli, '-i', 'hosts.yml', '--check', '--diff', '--output', 'plain', '-l', 'web-01', '-e', extra);
    expect(dry.stdout, dry.stderr).to.include('+Hello to web-01.').and.to.include('+Its neighbour is web-02.');
    expect(dry.status).to.equal(0);
  });

  it('are formatted as the project’s own code', async () => {
    const options = JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')) as Record<string, unknown>;
    for (const { text, page, line, language } of blocks) {
      if (language !== 'ts') continue;
      expect(await format(text, { ...options, parser: 'typescript' }), `${page}:${line}`).to.equal(text);
    }
  });
});

/** An inventory without variables. */
const PLAIN = 'all: { children: { web: { hosts: { web-01: {}, web-02: {} } } } }\n';

/** What examples of kinds take as given. */
const GIVEN = `import type { Host } from 'provision/host';
import type { Secret } from 'provision/secret';
declare const vars: { readonly domain: string; readonly ca_certificate: string; readonly ca_key: Secret };
declare const password: Secret;
declare const host: Host;
declare const key: string;`;

/** Blocks that name no file are one of their own. */
function fileOf({ file, line, language }: Block): string {
  return file ?? `block-${line}.${language === '' ? 'txt' : language}`;
}

/** Type-checks files with the project's own settings. Gives the faults. */
function compile(files: readonly string[]): readonly string[] {
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
    ts.sys,
    root,
  );
  // A block may show an import alone.
  const options = { ...config.options, noEmit: true, incremental: false, noUnusedLocals: false };
  delete options.tsBuildInfoFile;
  const program = ts.createProgram(files, options);
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ file: at, start, messageText }) =>
        `${at?.fileName ?? ''}:${(at?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0) + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
}

function run(cwd: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{')));
  } catch {
    return undefined;
  }
}
