import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { againWhenLost, LARGE, sendFile, streamSeconds, type SentFile } from '../../src/engine/sendFile.js';
import type { Session } from '../../src/model/session.js';
import type { Transport } from '../../src/transport/channel.js';
import { StreamLost } from '../../src/transport/connectionLost.js';
import { localTransport } from '../../src/transport/local.js';
import { openSession } from '../../src/transport/session.js';
import { fileHashes } from '../../src/util/fileHashes.js';
import { blake2b } from '../../src/util/hash.js';
import { until } from '../e2e/support/until.js';
import { rejection } from '../support/rejection.js';

const SIZE = LARGE + 4_000_000;
const CUT = 5_000_000;

interface Wire {
  /** Bytes of each stream. */
  readonly sent: number[];
  /** Called with the bytes so far, before each piece goes on. */
  onPiece?: ((carried: number) => void) | undefined;
}

/** This machine, over a connection that breaks when a stream has carried some bytes. */
function breaking(bytes: number, wire: Wire): Transport {
  const transport = localTransport('here');
  return {
    ...transport,
    start: async (command) => {
      const channel = await transport.start(command);
      if (!command.startsWith('exec cat >')) return channel;
      let carried = 0;
      const stdin = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          carried += chunk.length;
          wire.onPiece?.(carried);
          if (carried < bytes) channel.stdin.write(chunk, done);
          else {
            wire.sent.push(carried);
            void transport.close();
          }
        },
        final: (done) => {
          wire.sent.push(carried);
          channel.stdin.end(done);
        },
        destroy: (error, done) => {
          channel.stdin.destroy();
          done(error);
        },
      });
      stdin.on('error', () => undefined);
      return {
        ...channel,
        stdin,
        destroy: () => {
          stdin.destroy();
          channel.destroy();
        },
      };
    },
  };
}

describe('sending a file, over a real sh', () => {
  let dir: string;
  let session: Session;
  let content: Buffer;
  let file: SentFile;
  let wire: Wire;

  const open = async (...cuts: readonly number[]): Promise<void> => {
    let next = 0;
    session = await openSession({
      transport: () => Promise.resolve(breaking(cuts[next++] ?? Infinity, wire)),
      host: 'here',
      user: userInfo().username,
      becomePassword: undefined,
      runId: randomBytes(8).toString('hex'),
      exclusive: false,
      holder: 'a test',
    });
  };
  const beside = (): readonly string[] => readdirSync(join(dir, 'host'));

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'send-'));
    wire = { sent: [] };
    content = randomBytes(SIZE);
    writeFileSync(join(dir, 'local'), content);
    mkdirSync(join(dir, 'host'));
    file = { localFile: join(dir, 'local'), path: join(dir, 'host/file'), digest: blake2b(content), size: SIZE, mode: '0640' };
  });
  afterEach(async () => {
    await session.close();
    rmSync(dir, { recursive: true });
  });

  it('goes on where it stopped when the connection drops, and leaves nothing beside the file', async () => {
    await open(CUT, CUT);
    expect(await sendFile(session, file)).to.include({ code: 0 });
    expect(readFileSync(file.path).equals(content)).to.equal(true);
    expect(statSync(file.path).mode & 0o777).to.equal(0o640);
    expect(beside()).to.deep.equal(['file']);
    expect(wire.sent).to.have.length(3);
    // What did not reach the disk before the cut goes again, no more.
    expect(wire.sent[2]).to.be.below(SIZE - 2 * CUT + 2_000_000);
  }).timeout(30_000);

  it('goes on in a later run', async () => {
    await open(CUT, 1, 1, 1, 1);
    expect(await rejection(sendFile(session, file))).to.be.instanceOf(StreamLost);
    expect(beside()).to.not.be.empty.and.not.include('file');
    await session.close();
    wire = { sent: [] };
    await open();
    expect(await sendFile(session, file)).to.include({ code: 0 });
    expect(wire.sent[0]).to.be.below(SIZE - 3_000_000);
    expect(readFileSync(file.path).equals(content)).to.equal(true);
    expect(beside()).to.deep.equal(['file']);
  }).timeout(30_000);

  it('begins anew where what is there is not the beginning of the file, or is no plain file', async () => {
    await open();
    const name = `.provision.${file.digest.slice(0, 32)}`;
    writeFileSync(join(dir, 'host', `${name}.aaaa`), randomBytes(3_000_000));
    expect(await sendFile(session, file)).to.include({ code: 0 });
    expect(wire.sent).to.deep.equal([SIZE]);
    expect(readFileSync(file.path).equals(content)).to.equal(true);
    expect(beside()).to.deep.equal(['file']);
  });

  it('refuses a file that changes while it is sent, and leaves the live file alone', async () => {
    const local = join(dir, 'local');
    const before = new Date(Date.now() - 60_000);
    utimesSync(local, before, before);
    // Another's clock cannot set ctime back: the file must have been left alone for a while.
    await until(() => Promise.resolve(Date.now() - statSync(local).ctimeMs > 3_500));
    const digest = await fileHashes(dir).of(local, 'local', lstatSync(local, { bigint: true }));
    await open();
    writeFileSync(file.path, 'live');
    wire.onPiece = (carried) => {
      if (carried < CUT) writeFileSync(local, randomBytes(SIZE));
    };
    const result = await sendFile(session, { ...file, digest });
    expect(result.code).to.not.equal(0);
    expect(result.stderr).to.include('changed while it was sent');
    expect(readFileSync(file.path, 'utf8')).to.equal('live');
  }).timeout(30_000);

  it('refuses what is not what was promised, and leaves the live file alone', async () => {
    await open();
    writeFileSync(file.path, 'live');
    const result = await sendFile(session, { ...file, digest: blake2b('other') });
    expect(result.code).to.not.equal(0);
    expect(result.stderr).to.include('it did not arrive whole');
    expect(readFileSync(file.path, 'utf8')).to.equal('live');
    expect(beside()).to.deep.equal(['file']);
  });

  it('keeps memory bounded by the stream', async () => {
    await open();
    const big = join(dir, 'big');
    const part = randomBytes(1_000_000);
    const whole = Buffer.concat(Array.from({ length: 150 }, () => part));
    writeFileSync(big, whole);
    const digest = blake2b(whole);
    global.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 5);
    expect(await sendFile(session, { ...file, localFile: big, size: whole.length, digest })).to.include({ code: 0 });
    clearInterval(watch);
    expect(most - before).to.be.below(40_000_000);
  }).timeout(30_000);

  it('sends a stream again that was lost, some times, and gives slow lines time', async () => {
    await open();
    let tries = 0;
    const lost = (): Promise<never> => (tries++, Promise.reject(new StreamLost('lost')));
    expect(await rejection(againWhenLost(lost))).to.be.instanceOf(StreamLost);
    expect(tries).to.equal(3);
    expect(streamSeconds(1_000_000_000)).to.be.at.least(10_000);
  });
});
