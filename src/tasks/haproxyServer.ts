import { z } from 'zod';
import { HAPROXY_SOCKET, haproxyFunction, haproxyServers, type HaproxyServerState } from '../facts/haproxy.js';
import { sh } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { didYouMean } from '../util/names.js';
import { quote } from '../util/shell.js';

const name = z.string().regex(/^[\w.:-]+$/, 'expected a name as it stands in haproxy.cfg');

const options = z
  .strictObject({
    /** The backend's name in haproxy.cfg. */
    backend: name,
    /** The server's name in that backend. */
    server: name,
    /** `ready` serves, `drain` gets no new work and ends what it has, `maint` gets nothing and is not checked. */
    state: z.enum(['ready', 'drain', 'maint']).optional(),
    /** Its share of the traffic, 0 to 256. Default: left as it is. */
    weight: z.int().min(0).max(256).optional(),
    /** HAProxy's socket for commands, with `level admin`. Default `/run/haproxy/admin.sock`. */
    socket: absolutePath.default(HAPROXY_SOCKET),
    /** How long to wait until a drained server serves nothing, or a ready one is up, in seconds. Default 60. */
    waitSeconds: z.int().min(1).default(60),
    /** How many other servers of the backend must be up before this one is drained or taken out, so that somebody still serves. Default 0. */
    othersUp: z.int().min(0).default(0),
    /** A later task of the play turns it back, as in a drain, deploy, ready: it need not be so at the play's end. Default false. */
    temporary: z.boolean().default(false),
  })
  .refine((o) => o.state !== undefined || o.weight !== undefined, 'expected state, weight or both');

type Options = z.output<typeof options>;

/**
 * The state and weight of a server in a running HAProxy, until its next start or reload. Draining waits until the server
 * serves nothing, and making it ready until it is up.
 * @example haproxyServer({ backend: 'be_web', server: 'web-01', state: 'drain' })
 */
export const haproxyServer = defineTask({
  kind: 'haproxyServer',
  options,
  subject: (o) =>
    [`${o.backend}/${o.server}`, o.state ?? [], o.weight === undefined ? [] : `weight ${o.weight}`].flat().join(' '),
  reads: (o) => ({ all: haproxyServers({ socket: o.socket }) }),
  plan: (o, { all }) => {
    if (all.state === 'stopped') {
      throw new PlanError(`HAProxy does not answer: ${all.message}`, {
        hint: 'start it; its configuration needs "stats socket /run/haproxy/admin.sock mode 660 level admin"',
      });
    }
    const now = find(o, all.servers);
    const leaves = o.state === 'drain' || o.state === 'maint';
    const up = all.servers.filter((one) => one.backend === o.backend && one !== now && isUp(one));
    if (leaves && now.admin === 'ready' && up.length < o.othersUp) {
      throw new PlanError(
        `${o.server} is needed: ${up.length === 0 ? 'no other server' : `only ${up.map(({ server }) => server).join(', ')}`} of ${o.backend} is up, and ${o.othersUp} must be`,
        { hint: 'the backend would be left without enough servers: mend the others first' },
      );
    }
    const after: HaproxyServerState = { ...now, admin: o.state ?? now.admin, weight: o.weight ?? now.weight };
    const turns = o.state !== undefined && o.state !== now.admin;
    const weighs = after.weight !== now.weight;
    if (!turns && !weighs) return [];
    const words = [
      ...(turns ? [`${now.admin} → ${after.admin}`] : []),
      ...(weighs ? [`weight ${now.weight} → ${after.weight}`] : []),
    ];
    return [
      {
        summary: words.join(', '),
        // The weight first: a server that becomes ready has it from its first request on.
        steps: [
          sh(script(o, weighs ? o.weight : undefined, turns ? o.state : undefined), { timeoutSeconds: o.waitSeconds + 30 }),
        ],
        touches: ['haproxy:servers'],
        live: true,
        predicts: [
          haproxyServers({ socket: o.socket }).predict({
            state: 'running',
            servers: all.servers.map((one) => (one === now ? after : one)),
          }),
        ],
        ...(o.temporary ? { verify: false } : {}),
      },
    ];
  },
});

/** Up, or about to be taken for down no sooner than checks say so: `UP 1/2` still serves. */
function isUp({ admin, status }: HaproxyServerState): boolean {
  return admin === 'ready' && /^(UP|no check)/.test(status);
}

function find(o: Options, servers: readonly HaproxyServerState[]): HaproxyServerState {
  const found = servers.find(({ backend, server }) => backend === o.backend && server === o.server);
  if (found !== undefined) return found;
  const backends = [...new Set(servers.map(({ backend }) => backend))];
  const wrong = backends.includes(o.backend)
    ? `no server ${o.server} in the backend ${o.backend}${didYouMean(
        o.server,
        servers.filter(({ backend }) => backend === o.backend).map(({ server }) => server),
      )}`
    : `no backend ${o.backend} with servers${didYouMean(o.backend, backends)}`;
  throw new PlanError(`the running HAProxy has ${wrong}`, { hint: 'HAProxy has it once its configuration is loaded' });
}

function script(o: Options, weight: number | undefined, state: Options['state']): string {
  const target = `${o.backend}/${o.server}`;
  return [
    haproxyFunction(o.socket),
    // It answers a command that it obeys with an empty line, and always with code 0.
    `order() {
said=$(haproxy_command "$1")
if [ -n "$said" ]; then printf '%s\\n' "HAProxy refuses \\"$1\\": $said" >&2; exit 1; fi
}`,
    ...(weight === undefined ? [] : [`order ${quote(`set server ${target} weight ${weight}`)}`]),
    ...(state === undefined || state === 'ready' || o.othersUp === 0 ? [] : [stillUp(o)]),
    ...(state === undefined ? [] : [`order ${quote(`set server ${target} state ${state}`)}`]),
    ...(state === 'drain' ? [wait(o, 5, '0', 'still serves requests:')] : []),
    ...(state === 'ready'
      ? [wait(o, 18, 'UP|no check', 'gets requests again as soon as it passes its health check, and does not pass it yet:')]
      : []),
  ].join('\n');
}

/** Ends the script where too few others are up by now: others may have failed since it was planned. */
function stillUp({ backend, server, othersUp }: Options): string {
  return `up=$(haproxy_command 'show stat -1 4 -1' | awk -F, '$1 == "${backend}" && $2 != "${server}" && $18 ~ /^(UP|no check)/' | wc -l)
if [ "$up" -lt ${othersUp} ]; then printf '%s\\n' ${quote(`${server} is needed: too few others of ${backend} are up`)} >&2; exit 1; fi`;
}

/** Waits until a column of the server's statistics is as wanted. */
function wait({ backend, server, waitSeconds }: Options, column: number, wanted: string, otherwise: string): string {
  return `column() { haproxy_command 'show stat -1 4 -1' | awk -F, '$1 == "${backend}" && $2 == "${server}" { print $${column} }'; }
end=$(($(date +%s) + ${waitSeconds}))
until value=$(column) && printf '%s\\n' "$value" | grep -Eqx ${quote(wanted)}; do
  if [ "$(date +%s)" -ge "$end" ]; then
    printf '%s\\n' ${quote(`${server} ${otherwise}`)}" $value after ${waitSeconds} s" >&2
    exit 1
  fi
  sleep 0.2
done`;
}
