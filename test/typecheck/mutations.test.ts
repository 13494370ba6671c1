import { expect } from 'chai';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { templateFinder } from '../../src/cli/validation/templates.js';
import { packageRoot } from '../../src/util/packageRoot.js';
import { inventoryWords } from './mutants/inventoryWords.js';
import { judgeHosts, sampleProject, type SampleProject } from './mutants/judgeHosts.js';
import { judgeTypes } from './mutants/judgeTypes.js';
import { describe as describeMutant, isRight, misspell, type Fault, type Mutant, type Word } from './mutants/mutant.js';
import { shippedProgram } from './mutants/shippedProgram.js';
import { templateWords } from './mutants/templateWords.js';
import { typescriptWords } from './mutants/typescriptWords.js';

const root = packageRoot();

/** Mutants that nothing refuses, by their description, each with the reason. */
const SURVIVORS: Readonly<Record<string, string>> = {};

const modules = ['playbooks', 'playbooks/roles'].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`),
);
const templates = readdirSync(join(root, 'templates')).map((file) => `templates/${file}`);
const inventories = ['inventory/prod.yml', 'inventory/vagrant.yml', 'inventory/ha.yml'];
const sources = new Map([...modules, ...templates, ...inventories].map((file) => [file, readFileSync(join(root, file), 'utf8')]));

describe('one letter wrong in what is shipped', function () {
  this.timeout(600_000);
  let project: SampleProject;
  let mutants: readonly Mutant[];
  const faults = new Map<Mutant, Fault>();

  before(async () => {
    project = await sampleProject(root);
    mutants = makeMutants();
    expect(await judgeHosts(project, undefined), 'what is shipped').to.deep.equal([]);
    const judge = { root, sources, findTemplate: templateFinder([join(root, 'playbooks/site.ts')]) };
    const typed = mutants.filter(({ file }) => !file.endsWith('.yml'));
    for (const [mutant, fault] of judgeTypes(judge, typed)) faults.set(mutant, fault);
    for (const mutant of mutants) {
      if (faults.has(mutant)) continue;
      const found = await judgeHosts(project, mutant);
      const best = found.find((fault) => isRight(mutant, fault)) ?? found[0];
      if (best !== undefined) faults.set(mutant, best);
    }
  });
  after(() => {
    project.remove();
  });

  it('is refused before any connection', () => {
    const survivors = mutants.filter((mutant) => !faults.has(mutant)).map(show);
    expect(survivors.filter((one) => SURVIVORS[one] === undefined)).to.deep.equal([]);
    expect(
      Object.keys(SURVIVORS).filter((one) => !survivors.includes(one)),
      'refused by now',
    ).to.deep.equal([]);
  });

  it('is told with its file and line', () => {
    // A file with a wrong name is wrong as a whole.
    const isWhole = ({ file, message }: Fault): boolean => file.includes('group_vars/') && message.startsWith('nothing reads');
    const placeless = [...faults].filter(([, fault]) => fault.file === '' || (fault.line === undefined && !isWhole(fault)));
    expect(placeless.map(([mutant, { message }]) => `${show(mutant)}: ${message}`)).to.deep.equal([]);
  });

  it('is told with the word that was meant', () => {
    const wrong = [...faults].filter(([mutant, fault]) => !isRight(mutant, fault));
    const right = faults.size - wrong.length;
    console.log(`      ${mutants.length} mutants, ${faults.size} refused, ${right} with the right suggestion`);
    const told = wrong.map(([mutant, { message, file, line }]) => `${show(mutant)}: ${file}:${line ?? ''} ${message}`);
    expect(told.join('\n')).to.equal('');
  });
});

function show(mutant: Mutant): string {
  return describeMutant(mutant, sources.get(mutant.file) ?? '');
}

function makeMutants(): readonly Mutant[] {
  const program = shippedProgram(modules.map((file) => join(root, file)));
  const checker = program.getTypeChecker();
  const variables = new Set(
    [...sources].flatMap(([, text]) =>
      [...text.matchAll(/^ {2}(\w+): (?:z$|z\.|secret|openText)/gm)].map(([, name = '']) => name),
    ),
  );
  const words: Word[] = modules.flatMap((file) => {
    const source = program.getSourceFile(join(root, file));
    return source === undefined ? [] : typescriptWords(file, source, checker, variables);
  });
  words.push(...templates.flatMap((file) => templateWords(file, sources.get(file) ?? '', variables)));
  words.push(...inventories.flatMap((file) => inventoryWords(file, sources.get(file) ?? '')));
  const names = new Set(words.map(({ text }) => text));
  const everywhere = [...sources.values()].join('\n');
  // A definition that nothing uses is nobody's word.
  const used = words.filter(
    ({ text }) => everywhere.split(new RegExp(`(?<![\\w$])${text.replace(/\W/g, '\\$&')}(?![\\w$])`)).length > 2,
  );
  return misspell([...new Set([...used, ...words.filter(({ kind }) => kind !== 'name' && kind !== 'host')])], sources, names);
}
