import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { InputError } from '../../model/errors.js';
import { reveal, type Secret } from '../../util/secret.js';

/** What is known of an authority that can sign. */
export interface Authority {
  readonly subject: string;
  /** Until when it is valid, in seconds since 1970. */
  readonly notAfter: number;
}

/** The authority's certificate as it is written to a file: ending in one newline. */
export function authorityText(pem: string): string {
  return `${pem.trim()}\n`;
}

/** The last one that was found good: a site's hosts have the same, and reading it takes milliseconds. */
let last: { readonly certificate: string; readonly key: Secret; readonly authority: Authority } | undefined;

/** Checks that a certificate is an authority's and that the key is its own. Throws InputError where they are not. */
export function checkAuthority(certificate: string, key: Secret): Authority {
  if (last?.certificate !== certificate || reveal(last.key) !== reveal(key)) {
    last = { certificate, key, authority: readAuthority(certificate, key) };
  }
  return last.authority;
}

function readAuthority(certificate: string, key: Secret): Authority {
  const parsed = parseCertificate(certificate);
  if (!parsed.ca) {
    throw new InputError(`caCertificate: ${oneLine(parsed.subject)} is no authority: it may not sign certificates`, {
      hint: 'an authority is made with CA:TRUE among its basic constraints',
    });
  }
  if (!parsed.checkPrivateKey(parseKey(key))) {
    throw new InputError(`caKey is not the key of caCertificate (${oneLine(parsed.subject)})`, {
      hint: 'give both of one authority',
    });
  }
  return { subject: oneLine(parsed.subject), notAfter: Date.parse(parsed.validTo) / 1000 };
}

function parseCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new InputError('caCertificate: it cannot be read as a certificate', {
      cause,
      hint: 'it begins with -----BEGIN CERTIFICATE-----',
    });
  }
}

function parseKey(key: Secret): KeyObject {
  try {
    return createPrivateKey(reveal(key));
  } catch {
    // No cause: what the library says may repeat parts of the key.
    throw new InputError('caKey: it cannot be read as a private key without a passphrase', {
      hint: 'it begins with -----BEGIN PRIVATE KEY----- or -----BEGIN EC PRIVATE KEY-----',
    });
  }
}

function oneLine(subject: string): string {
  return subject.replaceAll('\n', ', ');
}
