import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armScript, confirmLeftScript, confirmScript, guardId, stateScript, undoNow } from '../../src/engine/guardScripts.js';
import { GUARD_DIRECTORY } from '../../src/facts/unconfirmed.js';
import { UNIT_DIRECTORY } from '../../src/facts/units.js';
import type { GuardedStep } from '../../src/model/change.js';
import { until } from '../e2e/support/until.js';
import { runLocally } from '../support/shell.js';

describe('engine/guardScripts, in a real sh', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'guard-'));
    file = join(folder, 'config');
    writeFileSync(file, 'old');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const guard = (more: Partial<GuardedStep> = {}): GuardedStep => ({
    ...{ kind: 'guarded', name: 'file config', seconds: 60, paths: [file], steps: [] },
    ...more,
  });
  function run(script: string): string {
    const { code, stdout, stderr } = runLocally(
      `set -e\n${script.replaceAll(GUARD_DIRECTORY, join(folder, 'guards')).replaceAll(UNIT_DIRECTORY, join(folder, 'units'))}`,
    );
    expect(code, stderr).to.equal(0);
    return stdout.trim();
  }
  const left = () => readdirSync(join(folder, 'guards')).map((name) => name.split('-')[0]);
  const A = guardId('file config', 'a');
  const B = guardId('file config', 'b');

  it('undoes a change by itself when its time is over, and takes it into effect', async () => {
    const effect = `cp ${file} ${folder}/loaded`;
    run(armScript(guard({ seconds: 1, effect, keep: 'echo kept >state', undo: `cp state ${folder}/state` }), A));
    writeFileSync(file, 'new');
    expect(run(stateScript(A))).to.equal('armed');
    await until(() => Promise.resolve(run(stateScript(A)) === 'undone'));
    expect(readFileSync(file, 'utf8')).to.equal('old');
    expect(readFileSync(join(folder, 'loaded'), 'utf8')).to.equal('old');
    expect(readFileSync(join(folder, 'state'), 'utf8')).to.equal('kept\n');
  });

  it('leaves a confirmed change as it is, whatever comes after', () => {
    run(armScript(guard(), A));
    writeFileSync(file, 'new');
    expect(run(confirmScript(A))).to.equal('confirmed');
    expect(run(confirmScript(A)), 'asked again after a lost answer').to.equal('confirmed');
    run(undoNow(A));
    expect(readFileSync(file, 'utf8')).to.equal('new');
  });

  it('tells a confirmation that came too late', () => {
    run(armScript(guard(), A));
    writeFileSync(file, 'new');
    run(undoNow(A));
    expect(readFileSync(file, 'utf8')).to.equal('old');
    expect(run(confirmScript(A))).to.equal('undone');
    expect(run(stateScript(B))).to.equal('none');
  });

  it('removes what was not there before', () => {
    rmSync(file);
    run(armScript(guard(), A));
    writeFileSync(file, 'new');
    run(undoNow(A));
    expect(existsSync(file)).to.equal(false);
  });

  it('goes back to before an unconfirmed change, when the one on top of it is undone', () => {
    run(armScript(guard(), A));
    writeFileSync(file, 'half');
    run(armScript(guard(), B));
    writeFileSync(file, 'new');
    expect(left()).to.deep.equal(['armed']);
    run(undoNow(B));
    expect(readFileSync(file, 'utf8')).to.equal('old');
  });

  it('confirms what interrupted runs have left', () => {
    run(armScript(guard(), A));
    writeFileSync(file, 'new');
    expect(run(confirmLeftScript('file config'))).to.equal('confirmed');
    expect(left()).to.deep.equal(['confirmed']);
    expect(readFileSync(file, 'utf8')).to.equal('new');
  });

  it('brings only files back at boot, where all the rest is gone, and so does one whose undoing a reboot ended', () => {
    const more = { effect: `touch ${folder}/effect`, undo: `touch ${folder}/undone` };
    run(armScript(guard(more), A));
    writeFileSync(file, 'half');
    run(armScript(guard(more), B));
    writeFileSync(file, 'new');
    const at = (state: string, id: string) => join(folder, 'guards', `${state}-${id}`);
    renameSync(at('armed', B), at('undoing', B));
    run(`sh ${at('undoing', B)}/run ${at('undoing', B)} boot`);
    expect(readFileSync(file, 'utf8')).to.equal('old');
    expect(run(stateScript(B))).to.equal('undone');
    run(armScript(guard(more), A));
    writeFileSync(file, 'new');
    run(`sh ${at('armed', A)}/run ${at('armed', A)} boot`);
    expect(readFileSync(file, 'utf8')).to.equal('old');
    expect(run(stateScript(A))).to.equal('undone');
    expect(readdirSync(folder)).to.not.include('effect').and.not.include('undone');
  });

  it('says what could not be undone', () => {
    run(armScript(guard({ undo: 'echo it is broken >&2; exit 1' }), A));
    run(undoNow(A));
    expect(run(stateScript(A))).to.match(/^undone\n[^]*it is broken[^]*could not be undone as a whole$/);
    expect(readFileSync(file, 'utf8')).to.equal('old');
  });
});
