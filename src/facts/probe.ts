import { isIP } from 'node:net';
import { defineFact, type Read } from '../model/fact.js';
import { quote } from '../util/shell.js';

/** What is asked of a port or a URL, from the host itself. */
export type ProbeParams =
  | { readonly kind: 'port'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'url';
      readonly url: string;
      /** The whole answer, head and body, is searched for this. */
      readonly contains?: string | undefined;
      readonly headers: Readonly<Record<string, string>>;
      /** False takes any certificate. */
      readonly verify: boolean;
      /** A file on the host with the authorities to trust in place of the system's. */
      readonly ca?: string | undefined;
    };

/** How it answered. */
export interface ProbeResult {
  /** `reached` is a connection, with an HTTP answer where one was asked for; `unsupported` a host without openssl. */
  readonly outcome: 'reached' | 'failed' | 'unsupported';
  /** Of an HTTP answer. */
  readonly status?: number | undefined;
  /** Whether the answer holds the text; true where none was asked for. */
  readonly contains: boolean;
  /** What went wrong, in the words of the host's own programs. */
  readonly detail: string;
}

/** Whether a port takes connections or a URL answers, seen from the host. It depends on everything. */
export const probe: (params: ProbeParams, options?: { host?: string }) => Read<ProbeResult> = defineFact<
  ProbeParams,
  ProbeResult
>({
  name: 'probe',
  live: true,
  // The words for a failure vary from try to try.
  essence: ({ outcome, status, contains }) => ({ outcome, status, contains }),
  command: (params) => `${probeShell(params)}\nprobe`,
  parse: ({ stdout }) => {
    const [word, ...rest] = stdout.trim().split(' ');
    if (word === 'unsupported') return { outcome: 'unsupported', contains: false, detail: 'openssl is not installed' };
    if (word !== 'reached') return { outcome: 'failed', contains: false, detail: rest.join(' ') };
    const [status, contains] = rest;
    return { outcome: 'reached', status: Number(status) || undefined, contains: contains === 'yes', detail: '' };
  },
});

/** Longest time for one try, in seconds. */
const TRY_SECONDS = 10;

/**
 * sh function `probe`: prints `reached STATUS yes|no` (status 0 of a port; yes where the text is there), `failed WHY`, or
 * `unsupported`. bash opens the connection, which every Debian has; TLS needs openssl.
 */
export function probeShell(params: ProbeParams): string {
  if (params.kind === 'port') {
    return `
probe() {
  if e=$(timeout ${TRY_SECONDS} bash -c 'exec 3<>"/dev/tcp/$1/$2"' bash ${quote(params.host)} ${params.port} 2>&1); then echo 'reached 0 yes'
  else ${FAILED}; fi
}`;
  }
  const url = new URL(params.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const headers = { Host: url.host, 'User-Agent': 'provision', Accept: '*/*', ...params.headers, Connection: 'close' };
  const request = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
  const search = params.contains === undefined ? '' : `case $a in *${quote(params.contains)}*) ;; *) c=no ;; esac; `;
  return `
probe() {
  q=${quote(request)}
${url.protocol === 'https:' ? tlsExchange(host, port, params.verify, params.ca) : plainExchange(host, port)}
  case $a in
    HTTP/*) s=\${a#* }; c=yes; ${search}echo "reached \${s%%[!0-9]*} $c" ;;
    *) [ -n "$e" ] || e='it does not speak HTTP'
      ${FAILED} ;;
  esac
}`;
}

/** The first line of what bash said, without its name and place. */
const FAILED = `e=$(printf '%s' "$e" | head -n 1 | sed 's/^bash: //; s/^line [0-9]*: //; s/^connect: //'); echo "failed \${e:-no answer in ${TRY_SECONDS} s}"`;

function plainExchange(host: string, port: string): string {
  const script = `exec 3<>"/dev/tcp/$1/$2" || exit 1; printf %s "$3" >&3; head -c 262144 <&3`;
  return `  a=$(timeout ${TRY_SECONDS} bash -c ${quote(script)} bash ${quote(host)} ${port} "$q" 2>&1 | tr -d '\\000') || :
  e=
  case $a in HTTP/*) ;; bash:*) e=$a ;; '') e="no answer in ${TRY_SECONDS} s" ;; esac`;
}

/** Picks the reason out of what openssl says of a fault. */
const TLS_FAULT = [
  's/^verify error:num=[0-9]*://p; t',
  's/^[0-9A-F]*:error:.*:system lib:[^:]*:[0-9]*:\\(.*\\)/\\1/p; t',
  's/^[0-9A-F]*:error:[^:]*:[^:]*:[^:]*:\\([^:]*\\):.*/\\1/p',
].join('; ');

function tlsExchange(host: string, port: string, verify: boolean, ca: string | undefined): string {
  const name = isIP(host) === 0 ? `-servername ${quote(host)}` : '';
  const check = isIP(host) === 0 ? `-verify_hostname ${quote(host)}` : `-verify_ip ${quote(host)}`;
  const trust = ca === undefined ? '' : `-CAfile ${quote(ca)}`;
  const connect = quote(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
  return `  command -v openssl >/dev/null || { echo unsupported; return; }
  a=$(printf %s "$q" | timeout ${TRY_SECONDS} openssl s_client -quiet -connect ${connect} ${name} ${verify ? `-verify_return_error ${check} ${trust}` : ''} 2>&1 | head -c 262144 | tr -d '\\000') || :
  e=$(printf '%s\\n' "\${a%%HTTP/*}" | sed -n '${TLS_FAULT}' | head -n 1)
  case $a in *HTTP/*) a=HTTP/\${a#*HTTP/} ;; esac
  [ -n "$e" ] || [ -n "$a" ] || e="no answer in ${TRY_SECONDS} s"`;
}
