import { expect } from 'chai';
import fc from 'fast-check';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Session } from '../../src/model/session.js';
import { localTransport } from '../../src/transport/local.js';
import { openSession } from '../../src/transport/session.js';
import type { Transport } from '../../src/transport/channel.js';
import { quote } from '../../src/util/shell.js';

describe('transport/session, over a real sh', () => {
  let dir: string;
  let session: Session;
  let transport: Transport;
  const open = (runId: string, exclusive?: boolean) =>
    openSession({
      transport: () => Promise.resolve((transport = localTransport('here'))),
      host: 'here',
      user: userInfo().username,
      becomePassword: undefined,
      runId,
      holder: 'a test',
      exclusive,
    });
  const job = (...scripts: string[]) => session.run(scripts.map((script) => ({ script, timeoutSeconds: 20 })));

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'session-'));
    session = await open('run-1');
  });
  afterEach(async () => {
    await session.close();
    rmSync(dir, { recursive: true });
  });

  it('answers all reads in one exchange, streams apart (without the last newline of standard error), and survives a syntax error', async () => {
    const results = await session.read(['echo out; echo err >&2; exit 3', 'if then', "printf 'no newline'", 'cat']);
    expect(results[0]).to.deep.equal({ code: 3, stdout: 'out\n', stderr: 'err' });
    expect(results[1]?.code).to.not.equal(0);
    expect(results[2]).to.deep.equal({ code: 0, stdout: 'no newline', stderr: '' });
    expect(results[3]).to.deep.equal({ code: 0, stdout: '', stderr: '' });
    expect(session.exchanges).to.equal(1);
  });

  it('brings any text through quoting, the shell and the frames unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: 'binary' }).filter((s) => !s.includes('\0')),
          { minLength: 1, maxLength: 5 },
        ),
        async (texts) => {
          const results = await session.read(texts.map((text) => `printf %s ${quote(text)}; printf %s ${quote(text)} >&2`));
          const expected = texts.map((text) => Buffer.from(text).toString());
          expect(results.map((r) => r.stdout)).to.deep.equal(expected);
          // The shell's command substitution drops newlines at the end of standard error.
          expect(results.map((r) => r.stderr)).to.deep.equal(expected.map((text) => text.replace(/\n+$/, '')));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('runs a job in order and stops at the first failure', async () => {
    const { results } = await job(`echo one >> ${dir}/log`, 'echo why >&2; false; echo never', `echo three >> ${dir}/log`);
    expect(results.map((r) => r.code)).to.deep.equal([0, 1]);
    expect(results[1]?.stderr).to.equal('why\n');
    expect(readFileSync(join(dir, 'log'), 'utf8')).to.equal('one\n');
  });

  it('picks a job up after its connection is gone, and runs it once', async () => {
    const done = session.run([
      { script: `echo begun >> ${dir}/log; while [ ! -e ${dir}/go ]; do sleep 0.02; done; echo end`, timeoutSeconds: 20 },
    ]);
    while (!existsSync(join(dir, 'log'))) await new Promise((resolve) => setImmediate(resolve));
    await transport.close();
    const other = localTransport('other');
    await (
      await other.start(`touch ${dir}/go`)
    ).exit;
    const { results } = await done;
    expect(results).to.deep.equal([{ code: 0, stdout: 'end\n', stderr: '' }]);
    expect(readFileSync(join(dir, 'log'), 'utf8')).to.equal('begun\n');
  }).timeout(20_000);

  it('ends a cancelled job with its whole process group', async () => {
    const done = session.run([{ script: `sleep 300 & echo $! > ${dir}/pid; wait`, timeoutSeconds: 20 }]);
    while (!existsSync(join(dir, 'pid')) || readFileSync(join(dir, 'pid'), 'utf8') === '')
      await new Promise((resolve) => setImmediate(resolve));
    await session.cancel();
    const { results } = await done;
    expect(results[0]).to.deep.include({ code: 143, stderr: 'cancelled' });
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    expect(isRunning(pid)).to.equal(false);
  });

  it('stops an item that takes too long', async () => {
    const { results } = await session.run([{ script: 'sleep 300', timeoutSeconds: 0.2 }]);
    expect(results[0]?.stderr).to.equal('timed out after 0.2 s');
  });

  it('feeds a script from a stream and drains one into a stream', async () => {
    const big = Buffer.alloc(3_000_000, 'x\0y');
    expect(await session.feed(`cat > ${dir}/big; echo got`, Readable.from([big]), 20)).to.deep.equal({
      code: 0,
      stdout: 'got\n',
      stderr: '',
    });
    expect(readFileSync(join(dir, 'big')).equals(big)).to.equal(true);
    const { output, result } = await session.drain(`cat ${dir}/big`, 20);
    const chunks: Buffer[] = [];
    for await (const chunk of output) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(big)).to.equal(true);
    expect((await result).code).to.equal(0);
  });

  it('stops a stream that takes too long, or is cancelled, with the script that reads it', async () => {
    const endless = () => new Readable({ read() {} });
    const slow = await session.feed(`cat > ${dir}/slow; echo $$ > ${dir}/ended`, endless(), 0.3);
    expect(slow).to.deep.include({ code: 143, stderr: 'timed out after 0.3 s' });
    expect(existsSync(`${dir}/ended`)).to.equal(true);
    const cancelled = session.feed(`touch ${dir}/begun; cat`, endless(), 20);
    while (!existsSync(join(dir, 'begun'))) await new Promise((resolve) => setImmediate(resolve));
    await session.cancel();
    expect(await cancelled).to.deep.include({ code: 143, stderr: 'cancelled' });
    expect(await session.read(['echo still there'])).to.have.nested.property('[0].stdout', 'still there\n');
  });

  it('refuses a second run while the first holds the host, and says who holds it', async function () {
    expect(process.getuid?.(), 'this test needs root').to.equal(0);
    await job('true');
    const second = await open('run-2');
    const error: unknown = await second.run([{ script: 'true', timeoutSeconds: 5 }]).catch((e: unknown) => e);
    expect(String(error)).to.contain('another run is changing here: a test');
    expect(await second.read(['echo still reads'])).to.have.length(1);
    await second.close();
    const beside = await open('run-3', false);
    const { results } = await beside.run([{ script: 'echo beside it', timeoutSeconds: 5 }]);
    expect(results).to.deep.equal([{ code: 0, stdout: 'beside it\n', stderr: '' }]);
    await beside.close();
  });
});

/** A zombie has ended; whether it is reaped is its new parent's affair. */
function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
