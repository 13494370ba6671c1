import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../src/model/errors.js';
import { loadCompiler } from '../../src/typecheck/compiler.js';
import { explain } from '../../src/typecheck/explain.js';
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
    expect(faults).to.deep.equal([{ file: module, start: 24, text: "Type 'number' is not assignable to type 'string'." }]);
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

  it('has its own words told where the one that explains finds no fault', () => {
    const compiler = loadCompiler(folder);
    const faults = [
      { file: module, start: 25, text: 'strange' },
      { file: undefined, start: 0, text: 'stranger' },
    ];
    const told = explain(compiler, { files: [module], faults, calls: [] }, NO_OVERLAY);
    expect(told.map(({ message, where }) => [message, where])).to.deep.equal([
      ['stranger', undefined],
      ['strange', { file: module, line: 3, column: 3 }],
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
