import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../src/model/errors.js';
import { judge } from '../../src/typecheck/judge.js';
import { nativeCompiler } from '../../src/typecheck/nativeSession.js';
import { NO_OVERLAY, type Overlay } from '../../src/typecheck/sourceTexts.js';
import { project } from '../support/cli.js';

describe('typecheck: the native compiler', function () {
  this.timeout(60_000);
  let folder: string;
  let module: string;
  before(() => {
    folder = project({ 'playbooks/site.ts': 'export const one = 1;\n\n  export const two = one;\n' });
    module = join(folder, 'playbooks/site.ts');
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const judgeWith = (overlay: Overlay) => judge({ modules: [module], templates: [], findTemplate: () => undefined, overlay });

  /** The processes that are begun meanwhile. */
  const begunBy = (action: () => void): readonly ChildProcess[] => {
    const begun: ChildProcess[] = [];
    const add = (message: unknown): void => void begun.push((message as { readonly process: ChildProcess }).process);
    subscribe('child_process', add);
    try {
      action();
    } finally {
      unsubscribe('child_process', add);
    }
    return begun;
  };
  const ended = async ([child, ...others]: readonly ChildProcess[]): Promise<void> => {
    expect(others).to.deep.equal([]);
    if (child === undefined) throw new Error('no process was begun');
    if (child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).to.equal('SIGKILL');
  };

  it('judges texts that are not saved', () => {
    const overlay = { read: (path: string) => (path === module ? '/* ⲣ€😀 */ export const one: string = 1;\n' : undefined) };
    const { files, faults } = judgeWith(overlay);
    expect(files).to.deep.equal([module]);
    expect(faults.map(({ message, where }) => ({ message, where }))).to.deep.equal([
      { message: "type 'number' is not assignable to type 'string'", where: { file: module, line: 1, column: 25 } },
    ]);
    expect(judgeWith(NO_OVERLAY).faults).to.deep.equal([]);
  });

  it('leaves no process behind', async () => {
    await ended(begunBy(() => judgeWith(NO_OVERLAY)));
  });

  it('leaves none behind where something goes wrong', async () => {
    const overlay = {
      read: (): string => {
        throw new Error('the disk is on fire');
      },
    };
    await ended(begunBy(() => expect(() => judgeWith(overlay)).to.throw()));
  });

  it('proposes what may stand in a place: of all scopes around it, of the language, and of what is imported', () => {
    const lines = [
      "import { join, type ParsedPath } from 'node:path';",
      'export interface Wanted<Item> { readonly one: Itme; readonly two: ParsedPaht; readonly three: Prmoise<Item> }',
      'enum Colour { red }',
      'export function outer(given: string, { inner, ...others }: { inner: string; more: number }): unknown {',
      '  for (const each of [given]) if (each) return [gvien, ineer, otehrs, eahc, jion, ouetr, laetr, Coluor, procses, undefinde];',
      '  try { return Infintiy; } catch (thrown) { return thorwn; }',
      '}',
      'const later = { given: 1 };',
      'type Latter = { wanted: Later; colours: Outer };',
      'export const used = { latre };',
    ];
    const { faults } = judgeWith({ read: (path) => (path === module ? lines.join('\n') : undefined) });
    const told = faults.map(({ message, where }) => `${where?.line ?? ''} ${message.replace(/^.*(?=did you mean)/, '')}`);
    expect(told).to.deep.equal([
      '2 did you mean "Item"?',
      '2 did you mean "ParsedPath"?',
      '2 did you mean "Promise"?',
      '5 did you mean "given"?',
      '5 did you mean "inner"?',
      '5 did you mean "others"?',
      '5 did you mean "each"?',
      '5 did you mean "join"?',
      '5 did you mean "outer"?',
      '5 did you mean "later"?',
      '5 did you mean "Colour"?',
      '5 did you mean "process"?',
      '5 did you mean "undefined"?',
      '6 did you mean "Infinity"?',
      '6 did you mean "thrown"?',
      '9 did you mean "Latter"?',
      '9 nothing is called "Outer" here',
      '10 did you mean "later"?',
    ]);
  });

  it('tells an option that an object cannot have before the variable that would be its value', () => {
    const text = 'const later = 1;\nexport const used: { readonly later: number } = { latre };\n';
    const { faults } = judgeWith({ read: (path) => (path === module ? text : undefined) });
    expect(faults.map(({ message, where }) => `${where?.line ?? ''}:${where?.column ?? ''} ${message}`)).to.deep.equal([
      '2:51 there is no "latre" here — did you mean "later"?',
      '2:51 nothing is called "latre" here — did you mean "later"?',
    ]);
  });

  it('says what to install where it is not there', () => {
    const elsewhere = { platform: 'haiku', arch: 'mips' } as const;
    expect(() => nativeCompiler(elsewhere))
      .to.throw(InputError, '@typescript/typescript-haiku-mips, the compiler for this platform, is not installed')
      .with.property('hint')
      .that.includes('--include=optional');
  });
});
