import { z } from 'zod';
import { probe, probeShell, type ProbeParams, type ProbeResult } from '../facts/probe.js';
import { sh } from '../model/change.js';
import { PlanError } from '../model/errors.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { quote } from '../util/shell.js';

const options = z
  .strictObject({
    /** A TCP port that must take connections. */
    port: z.number().int().min(1).max(65_535).optional(),
    /** The address or name of that port, as the host sees it. Default `127.0.0.1`. */
    host: z
      .string()
      .regex(/^[A-Za-z0-9._:-]+$/, 'expected a name or an address')
      .default('127.0.0.1'),
    /** In place of a port: a URL that must answer, asked from the host itself. https needs openssl there. */
    url: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).optional(),
    /** The HTTP status, or several, that count as an answer. Redirects are not followed. Default 200. */
    status: z
      .union([z.number().int(), z.array(z.number().int()).min(1)])
      .default(200)
      .transform((status) => (typeof status === 'number' ? [status] : status)),
    /** Text that the answer (its first 256 KiB) must hold. */
    contains: z.string().min(1).optional(),
    /** Headers of the request: `{ Host: 'www.example.com' }`. No secrets. */
    headers: z
      .record(
        z.string().regex(/^[A-Za-z0-9-]+$/, "expected a header's name"),
        z.string().regex(/^[^\r\n]*$/, 'expected one line'),
      )
      .default({}),
    /** False takes any certificate. Default true. */
    verify: z.boolean().default(true),
    /** A file on the host with the authorities to trust in place of the system's. */
    ca: absolutePath.optional(),
    /** Longest wait, in seconds. Default 60. */
    timeoutSeconds: z.number().int().min(1).default(60),
    /** Time between two tries, in seconds. Default 1. */
    intervalSeconds: z.number().min(0.1).default(1),
  })
  .refine((o) => (o.port === undefined) !== (o.url === undefined), 'expected exactly one of port and url')
  .transform((o) => ({ ...o, asked: askedOf(o) }));

/**
 * Waits until a port takes connections or a URL answers as expected; an error when the time is over.
 * @example waitFor({ url: 'http://127.0.0.1:8080/healthz', timeoutSeconds: 30 })
 * @example waitFor({ host: 'db-01', port: 3306 })
 */
export const waitFor = defineTask({
  kind: 'waitFor',
  waits: true,
  options,
  subject: (o) => o.url ?? `${o.host}:${o.port ?? 0}`,
  reads: (o) => ({ now: probe(o.asked) }),
  plan: (o, { now }) => {
    if (now.outcome === 'unsupported') {
      throw new PlanError(`https needs openssl on the host: ${o.url ?? ''}`, {
        hint: "install it before: packages({ name: 'openssl' })",
      });
    }
    const good = (now.status === undefined || o.status.includes(now.status)) && now.contains;
    if (now.outcome === 'reached' && good) return [];
    const subject = o.url ?? `${o.host}:${o.port ?? 0}`;
    const script = `${probeShell(o.asked)}
end=$(( $(date +%s) + ${o.timeoutSeconds} ))
while :; do
  seen=$(probe)
  case $seen in ${o.asked.kind === 'port' ? "'reached 0 yes'" : o.status.map((status) => `'reached ${status} yes'`).join(' | ')}) exit 0 ;; esac
  [ "$(date +%s)" -le "$end" ] || break
  sleep ${o.intervalSeconds}
done
case $seen in
  'reached '*' no') seen="an answer without "${quote(JSON.stringify(o.contains ?? ''))} ;;
  'reached '*) seen=\${seen#reached }; seen="status \${seen% *}" ;;
esac
echo "waited ${o.timeoutSeconds} s for "${quote(subject)}"; last seen: \${seen#failed }" >&2
exit 1`;
    return [
      {
        summary: `wait up to ${o.timeoutSeconds} s (now: ${inWords(now, o.contains)})`,
        steps: [sh(script, { timeoutSeconds: o.timeoutSeconds + 30 })],
        touches: [],
        live: true,
        predicts: [
          probe(o.asked).predict({
            outcome: 'reached',
            status: o.asked.kind === 'url' ? o.status[0] : undefined,
            contains: true,
            detail: '',
          }),
        ],
      },
    ];
  },
});

interface Asked {
  readonly port?: number | undefined;
  readonly host: string;
  readonly url?: string | undefined;
  readonly contains?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly verify: boolean;
  readonly ca?: string | undefined;
}

function askedOf(o: Asked): ProbeParams {
  if (o.url === undefined) return { kind: 'port', host: o.host, port: o.port ?? 0 };
  return { kind: 'url', url: o.url, contains: o.contains, headers: o.headers, verify: o.verify, ca: o.ca };
}

function inWords(now: ProbeResult, contains: string | undefined): string {
  // Not in the host's own words, which vary from try to try: a plan would not be the same twice.
  if (now.outcome !== 'reached') return 'no answer';
  return now.contains ? `status ${now.status ?? 0}` : `an answer without ${JSON.stringify(contains)}`;
}
