import { defineFact } from '../model/fact.js';
import { quote } from '../util/shell.js';
import { haproxyFunction } from './haproxy.js';

/** What changes with the certificates that a running HAProxy has loaded. */
export const LOADED_CERTIFICATES = 'haproxy:certificates';

/** A certificate as a running HAProxy shows it to its clients. */
export interface ServedCertificate {
  /** SHA-1 over the certificate, in upper-case hex without colons: the name that HAProxy gives it. */
  readonly fingerprint: string;
  /** How many certificates of authorities it sends along. */
  readonly chainLength: number;
}

export type HaproxyCertificate =
  /** `served` is undefined where it uses no certificate of that file. */
  | { readonly state: 'running'; readonly served: ServedCertificate | undefined }
  | { readonly state: 'stopped'; readonly message: string }
  /** Set by a planner only: it will have loaded the files as they are by then, as it does at a start and at a reload. */
  | { readonly state: 'as the files' };

export interface HaproxyCertificateParams {
  /** The path of the certificate's file, as the configuration says it. */
  readonly path: string;
  /** The path of the socket for commands. */
  readonly socket: string;
}

/** Which certificate of a file a running HAProxy serves, whatever stands in that file now. */
export const haproxyCertificateServed = defineFact<HaproxyCertificateParams, HaproxyCertificate>({
  name: 'haproxyCertificate',
  live: true,
  key: ({ path, socket }) => `${socket} ${path}`,
  topics: () => [LOADED_CERTIFICATES, 'unit:haproxy.service'],
  command: ({ path, socket }) => `${haproxyFunction(socket)}\nhaproxy_command ${quote(`show ssl cert ${path}`)}`,
  parse: ({ code, stdout, stderr }, { socket }) => {
    if (code !== 0) return { state: 'stopped', message: `${stderr.trim() || 'no answer'} (${socket})` };
    const fingerprint = /^SHA1 FingerPrint: ([0-9A-F]+)$/m.exec(stdout)?.[1];
    const chainLength = stdout.match(/^Chain Subject: /gm)?.length ?? 0;
    return { state: 'running', served: fingerprint === undefined ? undefined : { fingerprint, chainLength } };
  },
});
