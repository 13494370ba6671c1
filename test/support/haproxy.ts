import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { haproxyServers, type HaproxyServerState } from '../../src/facts/haproxy.js';
import { askLocally } from './shell.js';

const PROGRAM = '/usr/sbin/haproxy';

/** An HAProxy of a test's own, on sockets in a folder of its own: backend `be` with servers `a` and `b`, which hold connections. */
export interface PrivateHaproxy {
  readonly socket: string;
  servers(): readonly HaproxyServerState[];
  /** A connection through the proxy that lasts as long as told, or until it is killed; it stands when this returns. */
  connect(seconds: number): Promise<ChildProcess>;
}

/** For a `describe` block: an HAProxy that runs while its tests do. Without the program they fail. */
export function usePrivateHaproxy(): PrivateHaproxy {
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
  const socket = join(folder, 'admin');
  let running: ChildProcess | undefined;
  before(async function () {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is not there: install the package haproxy, as npm test does`);
    writeFileSync(join(folder, 'cfg'), configuration(folder));
    running = spawn(PROGRAM, ['-db', '-f', join(folder, 'cfg')], { stdio: 'ignore' });
    await until(() => servers().length === 2 && servers().every(({ status }) => status === 'UP'));
  });
  after(async () => {
    if (running !== undefined) {
      const ended = once(running, 'exit');
      running.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true });
  });

  function servers(): readonly HaproxyServerState[] {
    const [all] = askLocally(haproxyServers({ socket }));
    return all?.state === 'running' ? all.servers : [];
  }

  async function connect(seconds: number): Promise<ChildProcess> {
    const before = total(servers());
    const program = 'my $s = IO::Socket::UNIX->new(shift) or die $!; print $s "x"; sleep shift';
    const child = spawn('perl', ['-MIO::Socket::UNIX', '-e', program, join(folder, 'in'), String(seconds)], { stdio: 'ignore' });
    await until(() => total(servers()) > before);
    return child;
  }

  return { socket, servers, connect };
}

function total(servers: readonly HaproxyServerState[]): number {
  return servers.reduce((sum, { sessions }) => sum + sessions, 0);
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error('the private HAProxy did not get there');
    await delay(20);
  }
}

/** The servers are frontends of the same HAProxy, which wait for more than they are sent. */
function configuration(folder: string): string {
  return `
global
  stats socket ${folder}/admin mode 600 level admin
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  default-server check inter 50ms fall 1 rise 1 weight 100
frontend in
  bind unix@${folder}/in
  default_backend be
backend be
  server a unix@${folder}/a
  server b unix@${folder}/b
frontend hold
  bind unix@${folder}/a
  bind unix@${folder}/b
  tcp-request inspect-delay 60s
  tcp-request content accept if FALSE
  tcp-request content reject if WAIT_END
`;
}
