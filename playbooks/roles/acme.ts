import { dirname } from 'node:path';
import { z } from 'zod';
import { LOADED_CERTIFICATES } from 'provision/facts/haproxyCertificate';
import type { Host } from 'provision/host';
import type { TaskContext, TaskList } from 'provision/playbook';
import type { Service } from 'provision/service';
import { quote } from 'provision/shell';
import { command } from 'provision/tasks/command';
import { directory } from 'provision/tasks/directory';
import { file } from 'provision/tasks/file';
import { service } from 'provision/tasks/service';
import { systemdUnit } from 'provision/tasks/systemdUnit';
import { template } from 'provision/tasks/template';
import { openText } from 'provision/vars';
import { addressOf, networkVars } from './network.js';
import { CERTIFICATE, CERTIFICATE_KEY, namesOf, TLS_FOLDER, tlsVars } from './tlsVars.js';

/** Variables of a certificate from an authority on the network, by the protocol ACME. */
export const acmeVars = z.object({
  ...tlsVars.shape,
  ...networkVars.shape,
  /** The authority's directory of ACME. Default: Let's Encrypt. */
  acme_server: z
    .string()
    .regex(/^https:\/\/[^\s'"]+$/, 'expected an address that begins with https://')
    .default('https://acme-v02.api.letsencrypt.org/directory'),
  /** Where the authority writes to about your account. Default: nowhere. */
  acme_email: z
    .string()
    .regex(/^[^\s@'"]+@[^\s@'"]+$/, 'expected a mail address')
    .optional(),
  /** The port on which certbot answers the authority, by way of HAProxy and only during an order. */
  acme_port: z.number().int().min(1024).max(65535).default(8402),
  /** Whom to believe that he is the authority's server, in PEM, where that is one of your own network. Default: the usual authorities. */
  acme_ca_certificate: openText(
    z.string().startsWith('-----BEGIN CERTIFICATE-----', { error: 'expected a certificate in PEM' }),
  ).optional(),
});

type AcmeVars = z.output<typeof acmeVars>;

const CERTBOT_FOLDER = '/etc/letsencrypt';
/** What certbot runs when it has a new certificate. */
const ACME_HOOK = `${CERTBOT_FOLDER}/renewal-hooks/deploy/haproxy`;
/** Where certbot looks for whom to believe. */
const BUNDLE = 'REQUESTS_CA_BUNDLE';
const DROP_IN = 'authority.conf';
const AUTHORITY_FILE = `${TLS_FOLDER}/acme-ca.pem`;

/** What acme-hook.sh.ejs is given. */
export interface AcmeHookTemplate {
  /** The name of the certificate that it is for. */
  readonly name: string;
  readonly certificate: string;
  readonly key: string;
}

/** A server of HAProxy's backend for the authority's questions. */
export interface AcmeServer {
  readonly name: string;
  readonly address: string;
}

/** The answers to the authority's questions, as a backend of HAProxy: each load balancer may be the one that it asks. */
export function acmeServers(self: Host<AcmeVars>, balancers: readonly Host<AcmeVars>[]): readonly AcmeServer[] {
  const own: AcmeServer = { name: self.name, address: `${listenAddress(self, balancers)}:${self.vars.acme_port}` };
  const others = balancers.filter(({ name }) => name !== self.name);
  return [own, ...others.map((one): AcmeServer => ({ name: one.name, address: `${addressOf(one)}:${one.vars.acme_port}` }))];
}

/** Orders the certificate once HAProxy runs, and has it renewed by certbot's own timer. */
export function acme({ host, vars, hosts }: TaskContext<AcmeVars, 'lb'>): TaskList {
  const names = namesOf(vars);
  const given: AcmeHookTemplate = { name: names[0], certificate: CERTIFICATE, key: CERTIFICATE_KEY };
  const trusted = vars.acme_ca_certificate;
  const environment = trusted === undefined ? {} : { [BUNDLE]: AUTHORITY_FILE };
  return [
    ...(trusted === undefined ? [] : [file({ path: AUTHORITY_FILE, content: trusted, mode: '0644' })]),
    trusted === undefined
      ? systemdUnit({ name: 'certbot', dropIn: DROP_IN, state: 'absent' })
      : systemdUnit({ name: 'certbot', dropIn: DROP_IN, content: `[Service]\nEnvironment=${BUNDLE}=${AUTHORITY_FILE}\n` }),
    directory({ path: dirname(ACME_HOOK), parents: true }),
    template({ src: 'acme-hook.sh.ejs', path: ACME_HOOK, vars: { ...given }, owner: 'root', group: 'root', mode: '0755' }),
    command({
      name: `order the certificate for ${names.join(', ')}`,
      run: `${orderLine(vars, names, listenAddress(host, hosts('lb')))}\nRENEWED_LINEAGE=${CERTBOT_FOLDER}/live/${names[0]} ${ACME_HOOK}`,
      env: environment,
      unless: orderedScript(vars, names),
      touches: [`path:${CERTBOT_FOLDER}/**`, `path:${TLS_FOLDER}/**`, LOADED_CERTIFICATES],
      live: true,
    }),
    service({ name: 'certbot.timer', enabled: true, state: 'running' }),
  ];
}

/** What certbot offers to HAProxy on the other load balancers while it orders. */
export function acmeServices(balancers: readonly Host<AcmeVars>[]): readonly Service[] {
  return balancers.flatMap((self): readonly Service[] => {
    const others = balancers.filter(({ name }) => name !== self.name);
    if (self.vars.tls_certificate !== 'acme' || others.length === 0) return [];
    const clients = others.map(({ name: host }) => ({ host, service: 'haproxy_http' }));
    const certbot: Service = {
      host: self.name,
      name: 'certbot',
      title: 'certbot',
      detail: 'during an order',
      port: self.vars.acme_port,
      encrypted: false,
      serves: [],
      clients,
    };
    return [certbot];
  });
}

/** The loopback address, unless another load balancer may be asked in this one's place. */
function listenAddress(self: Host<AcmeVars>, balancers: readonly Host<AcmeVars>[]): string {
  return balancers.length > 1 ? addressOf(self) : '127.0.0.1';
}

function orderLine(vars: AcmeVars, names: readonly [string, ...string[]], address: string): string {
  const account = vars.acme_email === undefined ? ['--register-unsafely-without-email'] : ['--email', vars.acme_email];
  const words = [
    ...['certbot', 'certonly', '--non-interactive', '--agree-tos', ...account, '--server', vars.acme_server],
    ...['--standalone', '--http-01-address', address, '--http-01-port', String(vars.acme_port)],
    ...['--key-type', 'ecdsa', '--cert-name', names[0], '--renew-with-new-domains', ...names.flatMap((name) => ['-d', name])],
  ];
  return words.map(quote).join(' ');
}

/** Whether the certificate is there, of this authority and for these names, and HAProxy's files are of it. */
function orderedScript({ acme_server: server }: AcmeVars, names: readonly [string, ...string[]]): string {
  const live = `${CERTBOT_FOLDER}/live/${names[0]}`;
  return `set -e
cmp -s ${live}/fullchain.pem ${CERTIFICATE}
cmp -s ${live}/privkey.pem ${CERTIFICATE_KEY}
grep -qxF ${quote(`server = ${server}`)} ${CERTBOT_FOLDER}/renewal/${names[0]}.conf
openssl x509 -in ${live}/cert.pem -noout -checkend 0
said=$(openssl x509 -in ${live}/cert.pem -noout -ext subjectAltName | grep -o 'DNS:[^, ]*' | sort | tr '\\n' ' ')
[ "$said" = ${quote(
    names
      .map((name) => `DNS:${name} `)
      .sort()
      .join(''),
  )} ]`;
}
