import { expect } from 'chai';
import { packageRoot } from '../src/util/packageRoot.js';
import { findCycles, isBarrel, sourceFiles, type Import, type SourceFile } from './support/sourceGraph.js';

const root = packageRoot();

/** The house: a folder of src/ and its floor. A file imports from its own floor or a lower one. */
const FLOORS: Readonly<Record<string, number>> = {
  model: 0,
  util: 0,
  docstrings: 1,
  graph: 1,
  facts: 1,
  transport: 1,
  inventory: 1,
  templates: 1,
  vault: 1,
  tasks: 2,
  engine: 3,
  database: 3,
  typecheck: 3,
  report: 4,
  status: 4,
  audit: 4,
  cli: 5,
};

/** What a folder must not know although it is on a lower floor, or on its own. */
const STRANGERS: Readonly<Record<string, readonly string[]>> = {
  facts: ['transport', 'inventory', 'templates', 'vault'],
  tasks: ['transport', 'inventory', 'vault'],
  engine: ['tasks', 'typecheck', 'database'],
  database: ['transport', 'inventory', 'typecheck'],
  typecheck: ['docstrings', 'facts', 'transport', 'inventory', 'vault', 'tasks', 'engine'],
  report: ['facts', 'transport', 'inventory', 'templates', 'vault', 'tasks', 'engine', 'typecheck'],
};

/** Lines that no file has more of. */
const LONGEST = 300;

const source = sourceFiles(root, 'src');
const content = sourceFiles(root, 'playbooks');
const everything = [...source, ...content, ...['docs', 'test', 'bench'].flatMap((folder) => sourceFiles(root, folder))];

describe('the house', () => {
  it('has a floor for every folder of src/', () => {
    const folders = new Set(source.map(folderOf));
    expect(folders).to.include.keys('model', 'engine', 'cli');
    expect([...folders].filter((folder) => FLOORS[folder] === undefined)).to.deep.equal([]);
  });

  it('lets a file import only from its own floor or a lower one', () => {
    expect(faults(source, (file, { path }) => path !== undefined && !mayImport(file, path))).to.deep.equal([]);
  });

  it('has no file that imports what is not there', () => {
    const own = everything.filter(({ path }) => path.startsWith('src/') || path.startsWith('playbooks/'));
    expect(faults(own, (_, { specifier, path }) => specifier.startsWith('.') && path === undefined)).to.deep.equal([]);
  });

  it('has content that is written as a user writes theirs', () => {
    const site = content.filter(({ path }) => !path.startsWith('playbooks/app/'));
    const isPublic = ({ specifier, path }: Import) =>
      /^(provision\/|node:)/.test(specifier) || specifier === 'zod' || path?.startsWith('playbooks/') === true;
    expect(site).to.not.be.empty;
    expect(faults(site, (_, one) => !isPublic(one))).to.deep.equal([]);
  });

  it('has an application that knows nothing of the tool', () => {
    const app = content.filter(({ path }) => path.startsWith('playbooks/app/'));
    const isTool = ({ specifier, path }: Import) =>
      specifier.startsWith('provision/') || (path !== undefined && !path.startsWith('playbooks/app/'));
    expect(app).to.not.be.empty;
    expect(faults(app, (_, one) => isTool(one))).to.deep.equal([]);
  });

  it('has no barrels', () => {
    expect(source.filter(isBarrel).map(({ path }) => path)).to.deep.equal([]);
  });

  it('has no files that import each other', () => {
    const edges = new Map(
      everything.map(({ path, imports }) => [path, imports.flatMap((one) => (one.typeOnly ? [] : (one.path ?? [])))]),
    );
    expect(findCycles(edges).map((cycle) => cycle.join(' → '))).to.deep.equal([]);
  });

  it(`has small files: none above ${LONGEST} lines, half of them below 100`, () => {
    const lengths = everything.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    expect(lengths.filter(({ lines }) => lines > LONGEST).map(({ path, lines }) => `${path}: ${lines} lines`)).to.deep.equal([]);
    const sorted = lengths.map(({ lines }) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).to.be.lessThan(100);
  });
});

describe('its checks', () => {
  it('find ways round', () => {
    const edges = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', ['d']],
    ]);
    expect(findCycles(edges)).to.deep.equal([
      ['a', 'b', 'c', 'a'],
      ['d', 'd'],
    ]);
    expect(findCycles(new Map([['a', ['b', 'c']], ['b', ['c']], ['c', []]]))).to.deep.equal([]); // prettier-ignore
  });

  it('tell a barrel from a file with something of its own', () => {
    const isOne = (text: string) => isBarrel({ path: 'index.ts', text });
    expect(isOne("export * from './a.js';\nexport { b } from './b.js';")).to.equal(true);
    expect(isOne("import { a } from './a.js';\nexport { a };")).to.equal(true);
    expect(isOne("export * from './a.js';\nexport const b = 1;")).to.equal(false);
    expect(isOne("import './a.js';")).to.equal(false);
  });

  it('know the floors', () => {
    expect(mayImport({ path: 'src/model/task.ts' }, 'src/util/names.ts')).to.equal(true);
    expect(mayImport({ path: 'src/model/task.ts' }, 'src/facts/os.ts')).to.equal(false);
    expect(mayImport({ path: 'src/tasks/file.ts' }, 'src/facts/file.ts')).to.equal(true);
    expect(mayImport({ path: 'src/tasks/file.ts' }, 'src/transport/open.ts')).to.equal(false);
    expect(mayImport({ path: 'src/cli/main.ts' }, 'playbooks/site.ts')).to.equal(false);
  });
});

function folderOf({ path }: Pick<SourceFile, 'path'>): string {
  return path.split('/')[1] ?? '';
}

function mayImport(file: Pick<SourceFile, 'path'>, path: string): boolean {
  if (!path.startsWith('src/')) return false;
  const [from, to] = [folderOf(file), folderOf({ path })];
  const lower = (FLOORS[to] ?? Infinity) <= (FLOORS[from] ?? -1);
  return lower && !(STRANGERS[from] ?? []).includes(to);
}

/** `src/a.ts:3 imports ../b.js` for each import that is wrong. */
function faults(files: readonly SourceFile[], isWrong: (file: SourceFile, one: Import) => boolean): readonly string[] {
  return files.flatMap((file) =>
    file.imports.filter((one) => isWrong(file, one)).map(({ specifier, line }) => `${file.path}:${line} imports ${specifier}`),
  );
}
