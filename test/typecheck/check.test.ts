import { expect } from 'chai';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolesOf, templateFinder, templatesOf } from '../../src/cli/validation/templates.js';
import { checkTypes } from '../../src/typecheck/checkTypes.js';
import { project } from '../support/cli.js';

const ROLE = `
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { TaskContext, TaskList } from 'provision/playbook';
import { service } from 'provision/tasks/service';
import { template } from 'provision/tasks/template';
export const vars = z.object({ greeting: z.string().default('hello'), from: z.string().default('/dev/null') });
export interface Motd { readonly greeting: string; readonly lines: number }
export function motd({ vars: v, hosts }: TaskContext<z.output<typeof vars>, 'web'>): TaskList {
  const given: Motd = { greeting: v.greeting, lines: readFileSync(v.from, 'utf8').length + hosts('web').length };
  return [template({ src: 'motd.ejs', path: '/etc/motd', vars: { ...given } }), service({ name: 'ssh', state: 'running' })];
}
`;
const SITE = `
import { playbook } from 'provision/playbook';
import { motd, vars } from './roles/motd.js';
export default playbook({ vars, groups: ['web'], plays: [{ name: 'motd', hosts: 'web', tasks: motd }] });
`;
const MOTD = "<%# vars: Motd from '../playbooks/roles/motd.js' -%>\n<%= v.greeting %> <%= v.lines %>\n";

describe('typecheck: a project outside of this package', function () {
  this.timeout(120_000);
  let folder: string;
  beforeEach(
    () => (folder = project({ 'playbooks/site.ts': SITE, 'playbooks/roles/motd.ts': ROLE, 'templates/motd.ejs': MOTD })),
  );
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const request = () => {
    const playbooks = [join(folder, 'playbooks/site.ts')];
    return {
      modules: [...playbooks, ...rolesOf(playbooks)],
      templates: templatesOf(playbooks),
      findTemplate: templateFinder(playbooks),
    };
  };
  const check = () =>
    checkTypes(request()).faults.map(({ message, where }) => {
      const file = where?.file.replace(`${folder}/`, '') ?? '';
      return `${file}:${where?.line ?? ''}:${where?.column ?? ''} ${message}`;
    });
  const change = (file: string, from: string, to: string) => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text).to.include(from);
    writeFileSync(path, text.replace(from, to));
  };

  it('needs no node_modules, and has no fault', () => {
    expect(check()).to.deep.equal([]);
  });

  it('tells a fault each time, and none once it is mended', () => {
    change('templates/motd.ejs', 'v.lines', 'v.linse');
    const fault = 'templates/motd.ejs:2:25 "v" (Motd) has no "linse" — did you mean "lines"?';
    expect(check()).to.deep.equal([fault]);
    expect(check()).to.deep.equal([fault]);
    change('templates/motd.ejs', 'v.linse', 'v.lines');
    expect(check()).to.deep.equal([]);
  });

  it('tells what a change of a type breaks elsewhere', () => {
    check();
    change('playbooks/roles/motd.ts', 'readonly lines: number }', 'readonly lines: number[] }');
    change(
      'playbooks/roles/motd.ts',
      "lines: readFileSync(v.from, 'utf8').length + hosts('web').length",
      "lines: [hosts('web').length]",
    );
    expect(check()).to.deep.equal(['templates/motd.ejs:2:23 "v.lines" is a list, which <%= does not print']);
  });

  it('tells what a change inside of a function breaks there, and what one of its type breaks elsewhere', () => {
    check();
    change('playbooks/roles/motd.ts', 'v.greeting', 'v.greetnig');
    expect(check()).to.have.lengthOf(1);
    change('playbooks/roles/motd.ts', 'v.greetnig', 'v.greeting');
    change('playbooks/roles/motd.ts', "<typeof vars>, 'web'>", "<typeof vars>, 'lb'>");
    expect(check().map((one) => one.split(':')[0])).to.have.members(['playbooks/site.ts', 'playbooks/roles/motd.ts']);
  });

  it('looks at what a changed role gives to a template that did not change', () => {
    check();
    change('playbooks/roles/motd.ts', 'vars: { ...given } }', 'vars: { greeting: v.greeting } }');
    expect(check().join()).to.match(
      /^playbooks\/roles\/motd.ts:11:\d+ the variables given to this template are no Motd: "lines" is missing/,
    );
  });

  it('knows Node where only a module that did not change shows it', () => {
    const paths =
      "import { parse, type ParsedPath } from 'node:path';\nexport const last = (path: string): ParsedPath => parse(path);\n";
    change('playbooks/roles/motd.ts', "import { z } from 'zod';", "import { z } from 'zod';\nimport { last } from './paths.js';");
    change('playbooks/roles/motd.ts', 'greeting: v.greeting, lines', 'greeting: last(v.greeting).name, lines');
    writeFileSync(join(folder, 'playbooks/roles/paths.ts'), paths);
    expect(check()).to.deep.equal([]);
    change('playbooks/roles/motd.ts', '.name, lines', '.nmae, lines');
    expect(check().join()).to.match(/no "nmae" — did you mean "name"/);
    change('playbooks/roles/motd.ts', '.nmae, lines', '.name, lines');
    expect(check()).to.deep.equal([]);
  });

  it('tells what is wrong in a playbook that alone has changed', () => {
    check();
    change('playbooks/site.ts', "groups: ['web']", "groups: ['web', 'lb']");
    expect(check(), 'another group').to.deep.equal([]);
    change('playbooks/site.ts', 'tasks: motd', 'tasks: (context) => motd({ ...context, vars: { greeting: 1, from: "" } })');
    expect(check().join(), 'of the type that the role exports').to.match(/^playbooks\/site.ts:4:\d+ type 'number/);
    change('playbooks/site.ts', 'greeting: 1', 'greeting: ""');
    expect(check(), 'mended').to.deep.equal([]);
    change('playbooks/site.ts', 'playbook({ vars,', 'playbook({ vars: vars.omit({ from: true }),');
    change('playbooks/site.ts', '(context) => motd({ ...context, vars: { greeting: "", from: "" } })', 'motd');
    expect(check().join(), 'a variable that the role needs').to.match(/^playbooks\/site.ts:4:\d+ .*from/);
  });

  it('tells what a changed type of a role makes wrong in a playbook that did not change', () => {
    check();
    change(
      'playbooks/roles/motd.ts',
      "from: z.string().default('/dev/null') });",
      "from: z.string().default('/dev/null') });\nexport const extra = 1;",
    );
    expect(check(), 'nothing is wrong yet').to.deep.equal([]);
    change(
      'playbooks/roles/motd.ts',
      'TaskContext<z.output<typeof vars>,',
      'TaskContext<z.output<typeof vars> & { readonly port: number },',
    );
    expect(check().join()).to.match(/^playbooks\/site.ts:4:\d+ .*port/);
  });

  it('takes no schema that is none of an object', () => {
    change('playbooks/site.ts', 'playbook({ vars,', 'playbook({ vars: z.array(vars),');
    change('playbooks/site.ts', 'import { playbook }', "import { z } from 'zod';\nimport { playbook }");
    expect(check().join()).to.match(/^playbooks\/site.ts:5:\d+ /);
  });

  it('knows Node in a playbook that begins to use it', () => {
    check();
    change('playbooks/site.ts', 'import { playbook }', "import { readdirSync } from 'node:fs';\nimport { playbook }");
    change('playbooks/site.ts', "name: 'motd', hosts", 'name: readdirSync(".").join(), hosts');
    expect(check()).to.deep.equal([]);
    change('playbooks/site.ts', 'readdirSync(".").join()', 'readdirSync(".")');
    expect(check().join()).to.match(/^playbooks\/site.ts:5:\d+ .*string/);
    change('playbooks/site.ts', 'readdirSync(".")', 'readdirSync(".").jion()');
    expect(check().join()).to.match(/did you mean "join"/);
  });

  it('tells misspelt options, values, groups and variables with what was meant', () => {
    change('playbooks/roles/motd.ts', "state: 'running'", "state: 'runing'");
    change('playbooks/roles/motd.ts', 'v.greeting', 'v.greetnig');
    change('playbooks/roles/motd.ts', "src: 'motd.ejs', path", "src: 'motd.ejs', paht");
    change('playbooks/site.ts', "hosts: 'web'", "hosts: 'wbe'");
    expect(check().map((one) => one.replace(/:\d+:\d+/, ''))).to.deep.equal([
      'playbooks/roles/motd.ts "v" has no "greetnig" — did you mean "greeting"?',
      'playbooks/roles/motd.ts there is no "paht" here — did you mean "path"?',
      'playbooks/roles/motd.ts "runing" is not one of "running", "stopped" — did you mean "running"?',
      'playbooks/site.ts "wbe" is not one of "all", "web" — did you mean "web"?',
    ]);
  });

  it('gives templates variables of the type that they declare', () => {
    change('playbooks/roles/motd.ts', 'vars: { ...given }', 'vars: { greeting: 1 }');
    expect(check()).to.deep.equal([
      'playbooks/roles/motd.ts:11:64 the variables given to this template are no Motd: "greeting" is number instead of string, "lines" is missing',
    ]);
  });

  it('has templates that name the type of their variables', () => {
    writeFileSync(join(folder, 'templates/motd.ejs'), '<%= v.greeting %>\n');
    expect(check()).to.deep.equal([
      'templates/motd.ejs:1:1 this template uses variables and does not say of which type they are',
    ]);
  });
});
