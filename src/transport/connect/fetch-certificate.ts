import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { CERTIFICATE_SUFFIX } from './certificate.js';
import { WireReader, wireString } from './wire.js';

const MESSAGE = { disconnect: 1, kexInit: 20, ecdhInit: 30, ecdhReply: 31 } as const;
const LONGEST_PACKET = 256 * 1024;

const KEX = ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256'];
const CERTIFICATES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
].map((type) => type + CERTIFICATE_SUFFIX);
/** Never used: the connection ends before anything is encrypted. But the two sides must agree on them. */
const CIPHERS = ['aes128-ctr', 'aes256-ctr', 'aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com'];
const MACS = ['hmac-sha2-256', 'hmac-sha2-512', 'hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'];

/**
 * Asks a host for its certificate, which ssh2 cannot: the first messages of a key exchange, up to the host's key. Nothing is
 * trusted that way: the certificate's signature says whose the key is, and the real connection, with that plain key
 * demanded, that the host has it. Undefined where the host has none. Rejects where the stream ends before the host has spoken.
 */
export async function fetchCertificate(stream: Duplex): Promise<Buffer | undefined> {
  try {
    const packets = readPackets(stream);
    stream.write('SSH-2.0-provision\r\n');
    stream.write(packet(kexInit()));
    const offered = await nextOf(packets, MESSAGE.kexInit);
    if (offered === undefined) return undefined;
    const reader = new WireReader(offered, 17);
    const kex = agreed(KEX, reader.text());
    if (kex === undefined || agreed(CERTIFICATES, reader.text()) === undefined) return undefined;
    stream.write(packet(Buffer.concat([Buffer.from([MESSAGE.ecdhInit]), wireString(publicPart(kex))])));
    const reply = await nextOf(packets, MESSAGE.ecdhReply);
    return reply === undefined ? undefined : Buffer.from(new WireReader(reply, 1).string());
  } finally {
    stream.destroy();
  }
}

function kexInit(): Buffer {
  const none = ['none'];
  const lists = [KEX, CERTIFICATES, CIPHERS, CIPHERS, MACS, MACS, none, none, [], []];
  return Buffer.concat([
    Buffer.from([MESSAGE.kexInit]),
    randomBytes(16),
    ...lists.map((list) => wireString(list.join(','))),
    Buffer.alloc(5),
  ]);
}

/** A fresh public key for the exchange; its private half is not needed. */
function publicPart(kex: string): Buffer {
  if (kex.startsWith('ecdh')) return createECDH('prime256v1').generateKeys();
  const { publicKey } = generateKeyPairSync('x25519');
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
}

function agreed(ours: readonly string[], theirs: string): string | undefined {
  const names = theirs.split(',');
  return ours.find((name) => names.includes(name));
}

/** An unencrypted packet: length, padding's length, payload, padding to a multiple of 8. */
function packet(payload: Buffer): Buffer {
  const short = 8 - ((5 + payload.length) % 8);
  const padding = short < 4 ? short + 8 : short;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length + padding);
  head.writeUInt8(padding, 4);
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

async function nextOf(packets: AsyncGenerator<Buffer, void>, message: number): Promise<Buffer | undefined> {
  for (;;) {
    const next = await packets.next();
    if (next.done === true) return undefined;
    if (next.value[0] === message) return next.value;
    if (next.value[0] === MESSAGE.disconnect) return undefined;
  }
}

/** The connection ended before the server said anything of SSH. */
export class NoBanner extends Error {
  constructor(
    /** What it said instead. */
    readonly greeting: string | undefined,
  ) {
    super('the connection ended before the server said anything of SSH');
  }
}

/** The payloads of a host's packets, behind its banner. Throws where the stream ends before there was one. */
async function* readPackets(stream: Duplex): AsyncGenerator<Buffer, void> {
  let data: Buffer = Buffer.alloc(0);
  let greeted = false;
  for await (const chunk of stream) {
    data = Buffer.concat([data, chunk as Buffer]);
    if (!greeted) {
      const banner = /^SSH-[^\n]*\n/m.exec(data.toString('latin1'));
      if (banner === null) continue;
      greeted = true;
      data = data.subarray(banner.index + banner[0].length);
    }
    while (data.length >= 5) {
      const length = data.readUInt32BE();
      if (length > LONGEST_PACKET) return;
      if (data.length < 4 + length) break;
      yield data.subarray(5, 4 + length - data.readUInt8(4));
      data = data.subarray(4 + length);
    }
  }
  if (!greeted) throw new NoBanner(data.toString('latin1').trim() || undefined);
}
