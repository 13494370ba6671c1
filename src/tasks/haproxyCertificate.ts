import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { fileState, type FileState } from '../facts/file.js';
import { HAPROXY_SOCKET } from '../facts/haproxy.js';
import {
  LOADED_CERTIFICATES,
  haproxyCertificateServed,
  type HaproxyCertificate,
  type ServedCertificate,
} from '../facts/haproxyCertificate.js';
import { NotYetKnown, sh, type Change } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { rotateScript } from './haproxy/rotateScript.js';

const options = z
  .strictObject({
    /** The certificate, followed by its authorities', in PEM: the path as it stands behind `crt` in haproxy.cfg. No key is in it. */
    path: absolutePath.refine((path) => /^\S+$/.test(path), 'expected a path without spaces'),
    /** Its private key, where HAProxy looks for it by itself. Default: the path with `.key` behind it. */
    keyPath: absolutePath.optional(),
    /** HAProxy's socket for commands, with `level admin`. Default `/run/haproxy/admin.sock`. */
    socket: absolutePath.default(HAPROXY_SOCKET),
  })
  .transform((o) => ({ ...o, keyPath: o.keyPath ?? `${o.path}.key` }));

type Options = z.output<typeof options>;

/**
 * A running HAProxy serves the certificate that stands in a file. Where it has an older one, it takes the new one through
 * its socket: without a reload, so that no connection ends. It goes behind the `service` that starts HAProxy.
 * @example haproxyCertificate({ path: '/etc/haproxy/tls/site.pem' })
 */
export const haproxyCertificate = defineTask({
  kind: 'haproxyCertificate',
  options,
  subject: (o) => o.path,
  reads: (o) => ({
    file: fileState({ path: o.path, contentUnless: [] }),
    running: haproxyCertificateServed({ path: o.path, socket: o.socket }),
  }),
  plan: (o, { file, running }): readonly Change[] => {
    if (running.state === 'as the files') return [];
    if (file.type !== 'file') throw new PlanError(`${o.path} is no file`, { hint: 'a task before this one makes it' });
    const served = servedBy(running, o);
    const fresh = file.contentFrom === undefined ? contentOf(file, o.path) : undefined;
    if (fresh !== undefined && fresh.fingerprint === served.fingerprint && fresh.chainLength === served.chainLength) return [];
    const changes: readonly Change[] = [
      {
        summary: 'load it without a reload',
        diff:
          fresh === undefined
            ? undefined
            : { before: inWords(served), after: `${inWords(fresh)}valid until: ${fresh.notAfter}\n` },
        steps: [sh(rotateScript(o), { timeoutSeconds: 60 })],
        touches: [LOADED_CERTIFICATES],
        predicts: [haproxyCertificateServed({ path: o.path, socket: o.socket }).predict(after(fresh))],
        live: true,
      },
    ];
    // What is issued anew differs for sure; of anything else only its coming is known.
    if (file.contentFrom !== undefined && file.anew !== true) throw new NotYetKnown(file.contentFrom, changes);
    return changes;
  },
});

function servedBy(running: Exclude<HaproxyCertificate, { state: 'as the files' }>, { path }: Options): ServedCertificate {
  if (running.state === 'stopped') {
    throw new PlanError(`HAProxy does not answer: ${running.message}`, {
      hint: 'start it with service before this task; its configuration needs "stats socket /run/haproxy/admin.sock mode 660 level admin"',
    });
  }
  if (running.served !== undefined) return running.served;
  throw new PlanError(`the running HAProxy serves no certificate ${path}`, {
    hint: `its configuration names it, with "bind :443 ssl crt ${path}", and is loaded before this task`,
  });
}

/** What HAProxy will say of the content of a file. */
function contentOf({ content = '' }: FileState, path: string): ServedCertificate & { readonly notAfter: string } {
  if (content.includes('PRIVATE KEY-----')) {
    throw new PlanError(`${path} has a private key in it`, { hint: `keep the key in a file of its own, ${path}.key` });
  }
  const [leaf, ...chain] = content.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const certificate = new X509Certificate(leaf ?? '');
    const notAfter = new Date(certificate.validTo).toISOString().slice(0, 10);
    return { fingerprint: certificate.fingerprint.replaceAll(':', ''), chainLength: chain.length, notAfter };
  } catch (cause) {
    throw new PlanError(`${path} holds no certificate that can be read`, { hint: 'expected PEM', cause });
  }
}

function after(fresh: ServedCertificate | undefined): HaproxyCertificate {
  if (fresh === undefined) return { state: 'as the files' };
  return { state: 'running', served: { fingerprint: fresh.fingerprint, chainLength: fresh.chainLength } };
}

function inWords({ fingerprint, chainLength }: ServedCertificate): string {
  return `SHA-1: ${fingerprint}\nwith ${chainLength} of its authorities\n`;
}
