import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import { InputError } from '../../model/errors.js';
import { reveal, type Secret } from '../../util/secret.js';
import { codeOf, messageOf } from './failure.js';
import { keyType } from './fingerprint.js';
import { onceAFile } from './once-a-file.js';
import { WireReader } from './wire.js';

/** A key file, read but not decrypted. */
export interface KeyFile {
  readonly path: string;
  readonly content: string;
  readonly encrypted: boolean;
  /** The public part where it can be had without a passphrase. */
  readonly publicKey: ParsedKey | undefined;
  /** False for a file that holds a public key alone: its private key is in the agent. */
  readonly isPrivate: boolean;
}

/** Reads a key file and the public key beside it. Undefined where there is none; InputError for what is no key. */
export const readKeyFile = onceAFile(
  async (path: string): Promise<KeyFile | undefined> => {
    let content: string;
    try {
      content = await readFile(path, 'utf8');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw new InputError(`cannot read the key file ${path}: ${messageOf(error)}`, { cause: error });
    }
    try {
      return await understand(path, content);
    } catch (error) {
      throw error instanceof RangeError ? unusable(path, error) : error;
    }
  },
  (path) => [`${path}.pub`],
);

async function understand(path: string, content: string): Promise<KeyFile> {
  const encrypted = isEncrypted(content);
  const parsed = encrypted ? undefined : parseKey(content);
  if (parsed instanceof Error) throw unusable(path, parsed);
  const publicPart = openSshPublicPart(content);
  if (publicPart instanceof Error) throw unusable(path, publicPart);
  const publicKey = parsed ?? publicPart ?? (await publicKeyBeside(path));
  return { path, content, encrypted, publicKey, isPrivate: encrypted || parsed?.isPrivateKey() === true };
}

function unusable(path: string, cause: Error): InputError {
  return new InputError(`${path} is not a key that can be used: ${cause.message}`, {
    hint: 'name a private key of type ed25519, ecdsa or rsa in OpenSSH or PEM format; security keys (sk-…) cannot be used here',
    cause,
  });
}

/** Decrypts a key file. Error (not thrown) for a wrong passphrase or a broken file. */
export function decryptKey(file: KeyFile, passphrase: Secret | undefined): ParsedKey | Error {
  return parseKey(file.content, passphrase);
}

function parseKey(content: string, passphrase?: Secret): ParsedKey | Error {
  try {
    const plain = passphrase === undefined ? undefined : reveal(passphrase);
    const parsed = ssh2.utils.parseKey(fromPkcs8(content, plain), plain);
    // The types promise one key; some formats give a list with one.
    return Array.isArray(parsed) ? ((parsed as readonly ParsedKey[])[0] ?? new Error('it is empty')) : parsed;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** ssh2 reads OpenSSH's and the old PEM formats, but not PKCS#8, which `openssl genpkey` writes. */
function fromPkcs8(content: string, passphrase: string | undefined): string {
  if (!/-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/.test(content)) return content;
  const key = createPrivateKey({ key: content, ...(passphrase === undefined ? {} : { passphrase }) });
  return key.export({ format: 'pem', type: key.asymmetricKeyType === 'ec' ? 'sec1' : 'pkcs1' }).toString();
}

const MAGIC = 'openssh-key-v1\0';

/** The unencrypted head of OpenSSH's own format. */
function openSshHead(content: string): WireReader | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(content)?.[1];
  if (body === undefined) return undefined;
  const data = Buffer.from(body, 'base64');
  return data.toString('latin1', 0, MAGIC.length) === MAGIC ? new WireReader(data, MAGIC.length) : undefined;
}

function isEncrypted(content: string): boolean {
  const head = openSshHead(content);
  if (head !== undefined) return head.text() !== 'none';
  return /Proc-Type: 4,ENCRYPTED|BEGIN ENCRYPTED PRIVATE KEY|^Encryption: aes/m.test(content);
}

/** OpenSSH's format carries the public key in clear in front of the encrypted private one. */
function openSshPublicPart(content: string): ParsedKey | Error | undefined {
  const head = openSshHead(content);
  if (head === undefined) return undefined;
  head.string(); // cipher
  head.string(); // key derivation
  head.string(); // its options
  head.uint32(); // number of keys
  const key = Buffer.from(head.string());
  const parsed = ssh2.utils.parseKey(key);
  return parsed instanceof Error ? new Error(`its type is ${keyType(key)}`) : parsed;
}

async function publicKeyBeside(path: string): Promise<ParsedKey | undefined> {
  try {
    const parsed = ssh2.utils.parseKey(await readFile(`${path}.pub`, 'utf8'));
    return parsed instanceof Error ? undefined : parsed;
  } catch {
    return undefined;
  }
}
