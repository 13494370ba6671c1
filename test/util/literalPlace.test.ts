import { expect } from 'chai';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { placeOfLiteral } from '../../src/util/literalPlace.js';
import { project } from '../support/cli.js';

describe('util/literalPlace', () => {
  let folder: string;
  before(() => {
    folder = project({ 'a.ts': "x('one', \"two\");\ny(`one`);\n// one\nz('one',\n  'two');\n" });
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const place = (text: string, near = {}) => {
    const { file, line, column } = placeOfLiteral(join(folder, 'a.ts'), text, near);
    expect(file).to.equal(join(folder, 'a.ts'));
    return [line, column];
  };

  it('finds a text in quotes of any kind: the first, behind another, or close to a line', () => {
    expect(place('one')).to.deep.equal([1, 3]);
    expect(place('two')).to.deep.equal([1, 10]);
    expect(place('one', { after: 'two' })).to.deep.equal([2, 3]);
    expect(place('one', { line: 4 })).to.deep.equal([4, 3]);
    expect(place('two', { line: 4 })).to.deep.equal([5, 3]);
    expect(place('one', { after: 'nowhere' })).to.deep.equal([1, 3]);
  });

  it('keeps to what is known where there is none', () => {
    expect(place('three')).to.deep.equal([undefined, undefined]);
    expect(place('three', { line: 2 })).to.deep.equal([2, undefined]);
    expect(placeOfLiteral('/nowhere.ts', 'one', { line: 2 })).to.deep.equal({ file: '/nowhere.ts', line: 2 });
  });
});
