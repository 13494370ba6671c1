import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { until } from '../e2e/support/until.js';
import type { SelfSigned } from './selfSigned.js';
import { freePort } from './freePort.js';

const PROGRAM = '/usr/sbin/haproxy';

/** An HAProxy of a test's own that serves a certificate, with its socket and files in a folder of its own. */
export interface PrivateTlsHaproxy {
  readonly folder: string;
  readonly socket: string;
  /** The certificate's file; its key is beside it. */
  readonly path: string;
  /** The SHA-1 of the certificate that a client gets now, in hex with colons. */
  servedCertificate(): Promise<string>;
}

/** For a `describe` block: an HAProxy with TLS that runs while its tests do. Without the program they fail. */
export function usePrivateTlsHaproxy({ certificate, key }: SelfSigned): PrivateTlsHaproxy {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-tls-'));
  const path = join(folder, 'site.pem');
  let running: ChildProcess | undefined;
  let port = 0;
  const servedCertificate = async () => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint;
  };
  before(async () => {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: install the package haproxy, as npm test does`);
    port = await freePort();
    writeFileSync(path, certificate);
    writeFileSync(`${path}.key`, key);
    writeFileSync(join(folder, 'cfg'), configuration(folder, port));
    running = spawn(PROGRAM, ['-db', '-f', join(folder, 'cfg')], { stdio: 'ignore' });
    await until(servedCertificate, 10);
  });
  after(async () => {
    if (running !== undefined) {
      const ended = once(running, 'exit');
      running.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true });
  });
  return { folder, socket: join(folder, 'admin'), path, servedCertificate };
}

function configuration(folder: string, port: number): string {
  return `
global
  stats socket ${folder}/admin mode 600 level admin
defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend in
  bind 127.0.0.1:${port} ssl crt ${folder}/site.pem
  http-request return status 200
`;
}
