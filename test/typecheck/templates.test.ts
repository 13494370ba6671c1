import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTypes } from '../../src/typecheck/checkTypes.js';

const VARS = `
import type { Secret } from 'provision/secret';
export interface Vars {
  readonly domain: string;
  readonly port?: number;
  readonly tls: boolean;
  readonly password: Secret;
  readonly servers: readonly { readonly name: string; readonly weight?: number }[];
}
`;

describe('typecheck: templates', function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'templates-'));
    writeFileSync(join(folder, 'vars.ts'), VARS);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** `line:column message` of each fault of a template; its first line declares the variables. */
  const faults = (body: string, declaration = "<%# vars: Vars from './vars.js' -%>") => {
    const file = join(folder, 'x.ejs');
    writeFileSync(file, `${declaration}\n${body}`);
    const found = checkTypes({ modules: [], templates: [file], findTemplate: () => undefined }).faults;
    return found.map(({ message, where }) => {
      expect(where?.file).to.equal(file);
      return `${where?.line ?? ''}:${where?.column ?? ''} ${message}`;
    });
  };

  it('may use what their type has, in all kinds of tags', () => {
    const body = `
<%# nothing: v.nothing %><%% v.nothing %%> %>
<%_ for (const server of v.servers) { // a comment, v.nothing
_%>
 <%= server.name; %> <%= server.weight ?? 100 -%> <%= v.password %> <%= v.tls %> "<%= 'a // b' %>"
<% } -%>
<% if (v.port !== undefined) { /* v.nothing */ %><%= v.port %><% } else { %>80<% } // end %> <%= v.domain // last %>
`;
    expect(faults(body)).to.deep.equal([]);
  });

  it('tell an unknown property where it stands, with the near name', () => {
    expect(faults('one\n  a\t<%= v.domian %>\n')).to.deep.equal(['3:11 "v" (Vars) has no "domian" — did you mean "domain"?']);
    expect(faults('<% for (const s of v.servers) { -%>\n<%= s.naem %>\n<% } %>')).to.deep.equal([
      '3:7 "s" has no "naem" — did you mean "name"?',
    ]);
  });

  it('print nothing that may be undefined', () => {
    expect(faults('<%= v.port %>')).to.deep.equal(['2:5 "v.port" may be undefined, which <%= does not print']);
    expect(faults('<%= v.servers[0].name %>')).to.deep.equal(['2:5 "v.servers[0]" may be undefined']);
    expect(faults('<%= v.port + 1 %>')).to.have.lengthOf(1);
  });

  it('print no list, object or function', () => {
    expect(faults('<%= v.servers %>')).to.deep.equal(['2:5 "v.servers" is a list, which <%= does not print']);
    expect(faults('<% for (const s of v.servers) { %><%= s %><% } %>')).to.deep.equal([
      '2:39 "s" is an object, which <%= does not print',
    ]);
    expect(faults('<%= v.domain.trim %>')).to.deep.equal(['2:5 "v.domain.trim" is a function, which <%= does not print']);
  });

  it('have no variable but v', () => {
    expect(faults('<%= domain %>')[0]).to.match(/^2:5 nothing is called "domain" here/);
    expect(faults('<%= locals.v %>')[0]).to.match(/^2:5 nothing is called "locals" here/);
  });

  it('tell a mistake of syntax at its tag', () => {
    expect(faults('\n  <% if (v.tls { %>x<% } %>')[0]).to.match(/^3:16 '.*' expected/);
    expect(faults('<% if (v.tls) { %>x')[0]).to.match(/^2:\d+ '\}' expected/);
  });

  it('tell a wrong declaration at its own place', () => {
    expect(faults('<%= v.x %>', "<%# vars: Vrs from './vars.js' -%>")[0]).to.match(/^1:11 .*"?Vrs"?.* — did you mean "Vars"\?$/);
    expect(faults('<%= v.x %>', "<%# vars: Vars from './vras.js' -%>")[0]).to.equal(
      '1:22 there is no module "./vras.js" — did you mean "./vars.js"?',
    );
  });
});
