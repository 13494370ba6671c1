import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../src/model/errors.js';
import { renderTemplate } from '../../src/templates/render.js';
import { Secret, mask, reveal } from '../../src/util/secret.js';

describe('templates/render', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'render-'))));
  afterEach(() => { rmSync(dir, { recursive: true }); });
  const write = (text: string) => {
    const path = join(dir, 'x.ejs');
    writeFileSync(path, text);
    return path;
  };
  const fault = (text: string, vars: Record<string, unknown>) => {
    try {
      renderTemplate(write(text), vars);
    } catch (error) {
      if (error instanceof InputError) return { line: error.where?.line, message: error.message };
      throw error;
    }
    throw new Error('rendered');
  };

  it('prints as it is, without HTML escapes', () => {
    expect(
      renderTemplate(write('a <%= v.x %>\n<% for (const i of v.list) { -%>\n- <%= i %>\n<% } -%>\n'), {
        x: '<&>"',
        list: [1, 2],
      }),
    ).to.equal('a <&>"\n- 1\n- 2\n');
  });

  it('tells the line of an unknown variable, with the near name', () => {
    expect(fault('one\ntwo <%= v.domian %>\n', { domain: 'x' })).to.deep.equal({
      line: 2,
      message: 'template: no variable "v.domian" is given to this template — did you mean "domain"?',
    });
  });

  it('refuses to print undefined, at its line', () => {
    expect(fault('\n\n<%= v.x.y %>', { x: {} })).to.deep.equal({ line: 3, message: 'template: prints undefined' });
    expect(fault('<%- v.x %>', { x: 1 })).to.deep.include({ line: 1 });
  });

  it('keeps secrets secret, and the rest readable', () => {
    const text = renderTemplate(write('user=<%= v.u %>\npass=<%= v.p %>\n'), { u: 'app', p: new Secret('hunter22') });
    expect(reveal(text)).to.equal('user=app\npass=hunter22\n');
    expect(mask(text)).to.equal('user=app\npass=•••\n');
  });
});
