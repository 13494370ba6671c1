import { z } from 'zod';
import { defineFact, type Read } from '../model/fact.js';

/** An alert that fires, as Alertmanager has it. */
export interface Alert {
  readonly name: string;
  readonly severity: string;
  readonly summary: string;
  /** When it began. */
  readonly since: string;
  /** Whether nobody is told, as another one says more or somebody silenced it. */
  readonly suppressed: boolean;
}

/** What fires, or why that cannot be said. `absent`: no Alertmanager is installed there. */
export type Alerts =
  | { readonly state: 'running'; readonly alerts: readonly Alert[] }
  | { readonly state: 'stopped'; readonly message: string }
  | { readonly state: 'absent' };

const ABSENT = 127;

const answer = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.string(),
    status: z.object({ state: z.string() }),
  }),
);

/** Where it listens its process says. Without an address of its own it is asked on the loopback address. */
const ASK = `command -v amtool >/dev/null || exit ${ABSENT}
pid=$(systemctl show -p MainPID --value prometheus-alertmanager.service)
if [ "\${pid:-0}" -eq 0 ]; then
  echo 'it does not run' >&2
  exit 1
fi
at=$(tr '\\0' '\\n' <"/proc/$pid/cmdline" | sed -n 's/^--web.listen-address=//p')
case $at in
  '') at=127.0.0.1:9093 ;;
  :* | 0.0.0.0:*) at=127.0.0.1:\${at##*:} ;;
esac
timeout 10 amtool alert query --output=json --alertmanager.url="http://$at"`;

const fact = defineFact<null, Alerts>({
  name: 'alerts',
  live: true,
  essence: () => '',
  key: () => '',
  topics: () => ['unit:prometheus-alertmanager.service'],
  command: () => ASK,
  parse: ({ code, stdout, stderr }) => {
    if (code === ABSENT) return { state: 'absent' };
    if (code !== 0) return { state: 'stopped', message: stderr.trim() || 'no answer' };
    const alerts = answer.parse(JSON.parse(stdout)).map(({ labels, annotations, startsAt, status }) => ({
      name: labels['alertname'] ?? '',
      severity: labels['severity'] ?? '',
      summary: annotations['summary'] ?? '',
      since: startsAt,
      suppressed: status.state === 'suppressed',
    }));
    return { state: 'running', alerts };
  },
});

/** The alerts that fire, as the Alertmanager of the task's own host says. */
export const alerts: Read<Alerts> = fact(null);
