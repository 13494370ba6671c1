import { z } from 'zod';
import { certificateState } from '../facts/certificate.js';
import { absolutePath, accountName, fileMode } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { canonicalName, isAddress } from '../util/address.js';
import { Secret } from '../util/secret.js';
import { checkAuthority } from './shared/authority.js';
import { planCertificate, questionOf } from './shared/planCertificate.js';

const hostName = z
  .string()
  .refine(
    (name) => isAddress(name) || /^(\*\.)?[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?$/i.test(name),
    'expected a host name or an address',
  )
  .transform(canonicalName);

const options = z
  .strictObject({
    /** Where the certificate stands on the host, in PEM; the folder is there by then. */
    path: absolutePath,
    /** Where its private key stands. It is made on the host and never leaves it. */
    keyPath: absolutePath,
    /** Also write the authority's certificate, for those who check others by it. */
    caPath: absolutePath.optional(),
    /** Also write the certificate followed by the authority's: what a server with one file for both wants. */
    chainPath: absolutePath.optional(),
    /** The certificate of your own authority, in PEM. */
    caCertificate: z.string().includes('-----BEGIN CERTIFICATE-----', { error: 'expected a certificate in PEM' }),
    /** The authority's private key, in PEM. On the host it is only in a pipe to openssl, while a certificate is signed. */
    caKey: z.instanceof(Secret, { error: 'expected a secret: a vaulted variable of the schema secret()' }),
    /** The certificate's subject: usually the host's name. */
    commonName: z.string().regex(/^[A-Za-z0-9*._ -]{1,64}$/, 'expected at most 64 letters, digits, dots, dashes, spaces'),
    /** The host names and addresses that it is for. Default: the subject. */
    sans: z.array(hostName).min(1).optional(),
    /** How long it is valid, in days; never longer than the authority. Default 825. */
    days: z.int().positive().default(825),
    /** It is issued anew when it is valid for fewer days than this, by the host's clock. Default 30. */
    renewBeforeDays: z.int().positive().default(30),
    /** Who owns the files. Default root. */
    owner: accountName.default('root'),
    /** The group of the files, which may read the key with the default `keyMode`. Default root. */
    group: accountName.default('root'),
    /** Of the certificate, the authority's and the chain, as octal text. Default 0644. */
    mode: fileMode.default('0644'),
    /** Of the key, as octal text. Default 0640. */
    keyMode: fileMode.default('0640'),
  })
  .refine((o) => o.renewBeforeDays < o.days, 'renewBeforeDays: expected fewer than days, else it would be issued anew each time')
  .refine((o) => {
    const paths = [o.path, o.keyPath, o.caPath, o.chainPath].filter((path) => path !== undefined);
    return new Set(paths).size === paths.length;
  }, 'expected another path for each of the files')
  .refine(
    (o) => o.sans !== undefined || hostName.safeParse(o.commonName).success,
    'sans: expected the host names, where the subject is none',
  )
  .transform((o) => ({ ...o, names: [...new Set(o.sans ?? [canonicalName(o.commonName)])].sort() }));

/**
 * A certificate and its key, signed by your own authority on the host with openssl (package `openssl`). It is issued
 * anew when its names, its key or the authority are not the wanted ones, or it is about to expire.
 * @example certificate({
 *   path: '/etc/mysql/tls/server.pem', keyPath: '/etc/mysql/tls/server.key', caPath: '/etc/mysql/tls/ca.pem',
 *   caCertificate: vars.ca_certificate, caKey: vars.ca_key, commonName: 'web-01', sans: ['web-01', '10.0.0.11'], group: 'mysql',
 * })
 */
export const certificate = defineTask({
  kind: 'certificate',
  options,
  subject: (o) => o.path,
  prepare: (o) => ({ authority: checkAuthority(o.caCertificate, o.caKey) }),
  reads: (o) => ({ now: certificateState(questionOf(o)) }),
  plan: (o, { now }) => planCertificate(o, now),
});
