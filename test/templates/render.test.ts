import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../src/model/errors.js';
import { renderTemplate } from '../../src/templates/render.js';
import { Secret, mask, reveal } from '../../src/util/secret.js';

/** On the line of the text that follows. */
const TYPE = "<%# vars: Vars from './vars.js' %>";

describe('templates/render', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'render-'))));
  afterEach(() => { rmSync(dir, { recursive: true }); });
  const write = (text: string, type = TYPE) => {
    const path = join(dir, 'x.ejs');
    writeFileSync(path, type + text);
    return path;
  };
  const fault = (text: string, vars: Record<string, unknown>, type = TYPE) => {
    try {
      renderTemplate(write(text, type), vars);
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

  it('refuses a template that uses variables and does not name their type', () => {
    writeFileSync(join(dir, 'y.ejs'), 'one\n<%= v.x %>\n');
    expect(() => renderTemplate(join(dir, 'y.ejs'), { x: 1 }))
      .to.throw(InputError, 'does not say of which type they are')
      .with.deep.include({
        where: { file: join(dir, 'y.ejs'), line: 1, column: 1 },
        hint: "add as its first line: <%# vars: MyVars from '../playbooks/roles/my.js' -%>",
      });
    expect(fault("<%# vasr: Motd from './motd.js' -%>\n<%= v.x %>", { x: 1 }, '').message).to.include('did you mean "vars"?');
  });

  it('needs no type for a template without variables', () => {
    writeFileSync(join(dir, 'y.ejs'), 'v.x <%# v.x %><% for (const i of [1, 2]) { %><%= i %><% } %>');
    expect(renderTemplate(join(dir, 'y.ejs'), {})).to.equal('v.x 12');
  });

  it('tells where a tag is not closed', () => {
    expect(fault('one\n  <%= v.x\n', { x: 1 })).to.deep.equal({ line: 2, message: 'template: the tag <%= is not closed' });
  });

  it('keeps secrets secret, and the rest readable', () => {
    const text = renderTemplate(write('user=<%= v.u %>\npass=<%= v.p %>\n'), { u: 'app', p: new Secret('hunter22') });
    expect(reveal(text)).to.equal('user=app\npass=hunter22\n');
    expect(mask(text)).to.equal('user=app\npass=•••\n');
  });
});
