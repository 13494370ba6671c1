import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../src/model/errors.js';
import { command } from '../../src/tasks/command.js';
import { mask } from '../../src/util/secret.js';
import { Secret } from '../../src/util/secret.js';
import { applyLocally, planLocally } from '../support/apply.js';
import { planAfter, planOn } from '../support/plan.js';

describe('tasks/command', () => {
  it('runs while each guard asks for it', async () => {
    const task = command({ run: 'true', creates: '/a', removes: '/b', unless: 'x', onlyIf: 'y' });
    const guards = (creates: boolean, removes: boolean, unless: boolean, onlyIf: boolean) => ({
      'exists(/a)': creates,
      'exists(/b)': removes,
      'guard({"script":"x"})': unless,
      'guard({"script":"y"})': onlyIf,
    });
    expect(await planOn(task, guards(false, true, false, true))).to.have.length(1);
    expect(await planAfter(task, guards(false, true, false, true))).to.deep.equal([]);
    for (const done of [
      guards(true, true, false, true),
      guards(false, false, false, true),
      guards(false, true, true, true),
      guards(false, true, false, false),
    ]) {
      expect(await planOn(task, done)).to.deep.equal([]);
    }
  });

  it('counts as changed each time only where that is asked for', async () => {
    const [change] = await planOn(command({ run: 'date', always: true }), {});
    expect(change?.verify).to.equal(false);
    expect(() => command({ run: 'date' })).to.throw(InputError, 'expected a guard');
    expect(() => command({ run: 'date', always: true, creates: '/a' })).to.throw(InputError, 'goes with onlyIf only');
    expect(() => command({ run: 'date', argv: ['date'], always: true })).to.throw(InputError, 'exactly one of run and argv');
    expect(() => command({ run: 'date', always: true, touches: ['nginx' as '*'] })).to.throw(InputError, 'expected a topic');
  });

  it('asks and acts on the running system where it is live', async () => {
    const task = command({ run: 'nft -f /etc/nftables.conf', unless: 'nft list table inet main', live: true });
    const guard = 'liveGuard({"script":"nft list table inet main"})';
    expect((await planOn(task, { [guard]: false }))[0]?.live).to.equal(true);
    expect(await planOn(task, { [guard]: true })).to.deep.equal([]);
    expect((await planOn(command({ run: 'date', always: true }), {}))[0]?.live).to.equal(undefined);
  });

  it('names itself by its first line, and shows no secret', async () => {
    const task = command({
      run: 'mysql\nsecond',
      stdin: new Secret('hunter22'),
      env: { KEY: new Secret('k3y-value') },
      always: true,
    });
    expect(task.id).to.equal('command mysql …');
    const [step] = (await planOn(task, {}))[0]?.steps ?? [];
    const script = step?.kind === 'shell' ? step.script : '';
    expect(script).to.be.instanceOf(Secret);
    expect(mask(script)).to.equal("cd -- /\nexport KEY='•••'\nprintf '%s' '•••' | {\nmysql\nsecond\n}");
  });

  describe('on this machine', () => {
    let dir: string;
    beforeEach(() => {
      dir = mkdtempSync(join(tmpdir(), "it's "));
    });
    afterEach(() => {
      rmSync(dir, { recursive: true });
    });

    it('passes words, input and variables through unharmed, in its folder', async () => {
      const odd = `a 'b' "c" $HOME \`d\` \\n % é\n\n`;
      await applyLocally(
        command({ argv: ['cp', '--', '/dev/stdin', odd.trim()], stdin: odd, cwd: dir, creates: join(dir, odd.trim()) }),
      );
      expect(readFileSync(join(dir, odd.trim()), 'utf8')).to.equal(odd);
      await applyLocally(command({ run: 'printf %s "$ODD" >env', env: { ODD: odd }, cwd: dir, unless: 'test -s env' }));
      expect(readFileSync(join(dir, 'env'), 'utf8')).to.equal(odd);
    });

    it('stops at the first command that fails, with input too', async () => {
      for (const stdin of [undefined, 'text']) {
        const task = command({
          run: `false\ntouch after`,
          cwd: dir,
          creates: join(dir, 'after'),
          ...(stdin === undefined ? {} : { stdin }),
        });
        const error: unknown = await applyLocally(task).catch((e: unknown) => e);
        expect(error).to.match(/exit 1/);
        expect(existsSync(join(dir, 'after'))).to.equal(false);
      }
    });

    it('plans on a bare host: what is missing there is a guard that fails', async () => {
      const plans = (guards: object) => planLocally(command({ run: 'true', ...guards, cwd: join(dir, 'gone') }));
      expect(await plans({ unless: 'no-such-program --version' })).to.have.length(1);
      expect(await plans({ onlyIf: 'true' })).to.deep.equal([]);
      expect(await plans({ unless: 'if' })).to.have.length(1);
    });

    it('proves that the guard is met afterwards', async () => {
      const error: unknown = await applyLocally(command({ run: 'true', creates: join(dir, 'x') })).catch((e: unknown) => e);
      expect(error).to.match(/has not converged/);
      writeFileSync(join(dir, 'x'), '');
      await applyLocally(command({ run: `rm -- "${join(dir, 'x')}"`, removes: join(dir, 'x') }));
      expect(existsSync(join(dir, 'x'))).to.equal(false);
    });
  });
});
