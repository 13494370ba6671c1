import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError, InputErrors, TaskError, UnreachableError } from '../../src/model/errors.js';
import { coloursFor } from '../../src/report/colours.js';
import { exitCodeOf, explain } from '../../src/cli/errors/explain.js';
import { Secret } from '../../src/util/secret.js';
import { project } from '../support/cli.js';

const quiet = { colours: coloursFor({ isTTY: false }, {}), verbose: 0 };

describe('cli/errors', () => {
  let folder: string;
  before(() => {
    folder = project({
      'a.yml': 'all:\n  hosts:\n\t日本: {port: x}\n    mysql_password: "hunter2"\n',
      'vaulted.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n',
    });
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const at = (line: number, column?: number, file = 'a.yml'): string =>
    explain(
      new InputError('wrong', {
        where: { file: join(folder, file), line, ...(column === undefined ? {} : { column }) },
        hint: 'do x',
      }),
      quiet,
    );

  it('shows the line with a caret under the column, also behind wide characters and tabs', () => {
    expect(at(2, 3)).to.equal(
      [`error: wrong`, `  at ${folder}/a.yml:2:3`, '    2 |   hosts:', '      |   ^', '  try: do x'].join('\n'),
    );
    expect(at(3, 13).split('\n').slice(2, 4)).to.deep.equal(['    3 |  日本: {port: x}', '      |               ^']);
    expect(at(2).split('\n')[3]).to.equal('      |   ^');
  });

  it('shows no line that is not there or is vaulted, and no password', () => {
    expect(at(99, 1)).to.equal(`error: wrong\n  at ${folder}/a.yml:99:1\n  try: do x`);
    expect(at(1, 1, 'gone.yml')).to.equal(`error: wrong\n  at ${folder}/gone.yml:1:1\n  try: do x`);
    expect(at(2, 1, 'vaulted.yml')).not.to.include('6162');
    expect(at(4, 5)).to.include('mysql_password: •••').and.not.include('hunter2');
  });

  it('masks secrets that it knows, wherever they turn up', () => {
    const secret = new Secret('correct-horse');
    expect(explain(new TaskError(`said correct-horse ${secret.toString()}`, { output: 'correct-horse' }), quiet)).not.to.include(
      'horse',
    );
  });

  it("tells several faults together, a task's command and output, and stacks with -vv only", () => {
    const two = new InputErrors([new InputError('one'), new InputError('two')]);
    expect(explain(two, quiet)).to.equal('error: one\nerror: two\n2 errors in all');
    const task = new TaskError('it failed', { command: 'false', output: 'no\n' });
    expect(explain(task, quiet)).to.include('command: false').and.to.include('output:\n    no');
    expect(explain(task, quiet)).not.to.include('explain.test');
    expect(explain(task, { ...quiet, verbose: 2 })).to.include('explain.test');
    expect(explain(new TypeError('x is undefined'), quiet)).to.equal(
      'error: unexpected: x is undefined\n  try: the same with -vv, which shows where in the program it happened',
    );
  });

  it('maps errors to the promised exit codes', () => {
    const errors = [new InputError('a'), new InputErrors([]), new UnreachableError('b'), new TaskError('c'), new Error('d')];
    expect(errors.map(exitCodeOf)).to.deep.equal([4, 4, 3, 1, 1]);
  });
});
