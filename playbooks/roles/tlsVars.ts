import { X509Certificate, createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { Host } from 'provision/host';
import type { HostFault } from 'provision/playbook';
import { reveal } from 'provision/secret';
import { openText, secret } from 'provision/vars';
import { siteVars } from './site.js';

const pem = z.string().startsWith('-----BEGIN CERTIFICATE-----', { error: 'expected a certificate in PEM' });
const hostName = z.string().regex(/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'expected a host name, such as www.foobar.com');

/** Variables of the site's HTTPS. */
export const tlsVars = z.object({
  ...siteVars.shape,
  /**
   * Where the site's certificate comes from. `own-authority`: it is signed by your own (`ca_certificate`, `ca_key`). `given`: it is
   * yours (`tls_chain`, `tls_key`). `acme`: an authority on the network issues it (`acme_server`). `none`: no HTTPS, plain text only.
   */
  tls_certificate: z.enum(['own-authority', 'given', 'acme', 'none']).default('own-authority'),
  /** The host names that the certificate is for. Default: the site's `domain`. */
  tls_names: z.array(hostName).min(1).optional(),
  /** Of a given certificate: it, followed by its authorities', in PEM. From a file: `!command cat FILE`. */
  tls_chain: openText(pem).optional(),
  /** Of a given certificate: its private key, in PEM. From a file: `!command cat FILE`. */
  tls_key: secret().optional(),
  /** How long browsers are to insist on HTTPS once they have seen the site over it (HSTS), in seconds. 0: not at all. */
  tls_hsts_seconds: z.number().int().min(0).default(31_536_000),
  /** Whether they are to insist on it for all names below the site's too. */
  tls_hsts_subdomains: z.boolean().default(false),
  /** Your own authority, in PEM. */
  ca_certificate: openText(pem).optional(),
  /** Its private key, in PEM. */
  ca_key: secret().optional(),
});

export type TlsVars = z.output<typeof tlsVars>;

/** Where HAProxy has the site's certificate; its key is beside it, with `.key` behind the name. */
export const TLS_FOLDER = '/etc/haproxy/tls';
export const CERTIFICATE = `${TLS_FOLDER}/site.pem`;
export const CERTIFICATE_KEY = `${CERTIFICATE}.key`;

/** The host names that the certificate is for. */
export function namesOf({ tls_names: names, domain }: TlsVars): readonly [string, ...string[]] {
  const [first = domain, ...rest] = names ?? [domain];
  return [first, ...rest];
}

/** What each source of the certificate needs. */
const NEEDS: Readonly<Record<TlsVars['tls_certificate'], readonly (keyof TlsVars)[]>> = {
  'own-authority': ['ca_certificate', 'ca_key'],
  given: ['tls_chain', 'tls_key'],
  acme: [],
  none: [],
};

/**
 * Faults of the variables that say where the certificate comes from.
 * @param now in milliseconds since 1970
 */
export function checkTls(balancers: readonly Host<TlsVars>[], now = Date.now()): readonly HostFault[] {
  return balancers.flatMap(({ name: host, vars }): readonly HostFault[] => {
    const needs = NEEDS[vars.tls_certificate];
    const missing = needs.filter((name) => vars[name] === undefined);
    if (missing.length > 0) {
      const message = `"${missing.join('" and "')}": ${missing.length === 1 ? 'it is' : 'they are'} missing, and "tls_certificate" is "${vars.tls_certificate}"`;
      return [{ message, host, variable: 'tls_certificate', hint: 'set what is missing, or another source of the certificate' }];
    }
    const fault = vars.tls_certificate === 'given' ? faultOfGiven(vars, now) : undefined;
    return fault === undefined ? [] : [{ ...fault, host }];
  });
}

function faultOfGiven({ tls_chain: chain = '', tls_key: key, ...vars }: TlsVars, now: number): HostFault | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(chain);
  } catch {
    return { message: '"tls_chain": it cannot be read as a certificate', variable: 'tls_chain', hint: 'expected PEM' };
  }
  try {
    if (key === undefined || !certificate.checkPrivateKey(createPrivateKey(reveal(key)))) {
      return { message: '"tls_key" is not the key of "tls_chain"', variable: 'tls_key', hint: 'give both of one certificate' };
    }
  } catch {
    // What the library says may repeat parts of the key.
    const message = '"tls_key": it cannot be read as a private key without a passphrase';
    return { message, variable: 'tls_key', hint: 'it begins with -----BEGIN PRIVATE KEY-----' };
  }
  const others = namesOf({ ...vars, tls_chain: chain, tls_key: key }).filter(
    (name) => certificate.checkHost(name.replace(/^\*/, 'any')) === undefined,
  );
  if (others.length > 0) {
    const message = `"tls_chain": it is not for ${others.join(', ')}, but for ${certificate.subjectAltName ?? 'no name'}`;
    return { message, variable: 'tls_chain', hint: 'set tls_names to the names that it is for' };
  }
  if (Date.parse(certificate.validTo) > now) return undefined;
  return { message: `"tls_chain": it has expired on ${certificate.validTo}`, variable: 'tls_chain', hint: 'give a new one' };
}
