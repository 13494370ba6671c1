import { defineFact } from '../model/fact.js';
import { quote } from '../util/shell.js';

/** Where Debian's HAProxy listens for commands. */
export const HAPROXY_SOCKET = '/run/haproxy/admin.sock';

/** What an administrator wants of a server: traffic, no new one, or none. */
export type AdminState = 'ready' | 'drain' | 'maint';

/** A server of a backend, as the running HAProxy sees it. */
export interface HaproxyServerState {
  readonly backend: string;
  readonly server: string;
  readonly admin: AdminState;
  /** Its share: 0 to 256. */
  readonly weight: number;
  /** Its health in HAProxy's words: `UP`, `DOWN`, `no check`, `UP 1/2` while it changes, `DRAIN`, `MAINT`. */
  readonly status: string;
  /** Requests and connections that it serves now. */
  readonly sessions: number;
}

/** All servers, or why HAProxy does not say. */
export type HaproxyServers =
  | { readonly state: 'running'; readonly servers: readonly HaproxyServerState[] }
  | { readonly state: 'stopped'; readonly message: string };

export interface HaproxyParams {
  /** The path of the socket for commands. */
  readonly socket: string;
}

/**
 * A shell function `haproxy_command`, which gives HAProxy one line of commands and prints its answer. perl is on every
 * Debian and Ubuntu host (perl-base is essential there); socat is not, and hangs up before a second command is obeyed.
 */
export function haproxyFunction(socket: string): string {
  return `haproxy_command() {
perl -MIO::Socket::UNIX -e 'alarm 10; my $s = IO::Socket::UNIX->new(shift) or die "$!\\n"; print $s shift, "\\n"; print while <$s>' ${quote(socket)} "$1"
}`;
}

/** The servers of all backends of a running HAProxy: administrative state, weight, health, load. */
export const haproxyServers = defineFact<HaproxyParams, HaproxyServers>({
  name: 'haproxyServers',
  live: true,
  // Health and load change by themselves.
  essence: (now) =>
    now.state === 'stopped'
      ? now.state
      : now.servers.map(({ backend, server, admin, weight }) => ({ backend, server, admin, weight })),
  key: ({ socket }) => socket,
  topics: () => ['haproxy:servers', 'unit:haproxy.service'],
  command: ({ socket }) =>
    // Only the first columns of the statistics; they hold no quoted commas.
    `${haproxyFunction(socket)}\nanswer=$(haproxy_command 'show servers state; show stat -1 4 -1') || exit 1\nprintf '%s\\n' "$answer" | cut -d, -f1-19`,
  parse: ({ code, stdout, stderr }, { socket }) => {
    if (code !== 0) return { state: 'stopped', message: `${stderr.trim() || 'no answer'} (${socket})` };
    const lines = stdout.split('\n');
    const stats = table(lines, '# pxname,', ',');
    return {
      state: 'running',
      servers: table(lines, '# be_id ', ' ').map((row) => {
        const backend = row.get('be_name') ?? '';
        const server = row.get('srv_name') ?? '';
        const stat = stats.find((one) => one.get('pxname') === backend && one.get('svname') === server);
        return {
          backend,
          server,
          admin: adminState(Number(row.get('srv_admin_state'))),
          weight: Number(row.get('srv_uweight')),
          status: stat?.get('status') ?? '',
          sessions: Number(stat?.get('scur') ?? 0),
        };
      }),
    };
  },
});

/** The rows below a header line, up to an empty line. */
function table(lines: readonly string[], header: string, separator: string): readonly ReadonlyMap<string, string>[] {
  const start = lines.findIndex((line) => line.startsWith(header));
  if (start === -1) return [];
  const columns = (lines[start] ?? '').slice(2).split(separator);
  const length = lines.slice(start).findIndex((line) => line.trim() === '');
  return lines.slice(start + 1, length === -1 ? undefined : start + length).map((line) => {
    const cells = line.split(separator);
    return new Map(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

/** Forced maintenance and forced drain among the bits of srv_admin_state; 0x04 only says how the server began. */
const MAINTENANCE = 0x01;
const DRAIN = 0x08;

function adminState(bits: number): AdminState {
  if (bits & MAINTENANCE) return 'maint';
  return bits & DRAIN ? 'drain' : 'ready';
}
