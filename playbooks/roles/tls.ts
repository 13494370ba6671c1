import type { Host } from 'provision/host';
import type { TaskContext, TaskList } from 'provision/playbook';
import { certificate } from 'provision/tasks/certificate';
import { command } from 'provision/tasks/command';
import { configFiles } from 'provision/tasks/configFiles';
import { directory } from 'provision/tasks/directory';
import { virtualAddresses, type KeepalivedVars } from './keepalivedVars.js';
import { addressOf } from './network.js';
import { CERTIFICATE, CERTIFICATE_KEY, namesOf, TLS_FOLDER, type TlsVars } from './tlsVars.js';

type Vars = TlsVars & KeepalivedVars;
type Balancer = Host<Vars>;

/** What must be there before HAProxy starts: the site's certificate, or one to begin with where HAProxy takes part in getting it. */
export function tls({ host: balancer, hosts }: Pick<TaskContext<Vars, 'lb'>, 'host' | 'hosts'>): TaskList {
  const source = balancer.vars.tls_certificate;
  if (source === 'none') return [];
  return [directory({ path: TLS_FOLDER, owner: 'root', group: 'root', mode: '0700' }), ...SOURCES[source](balancer, hosts('lb'))];
}

/**
 * Signed by the site's own authority; the key is made on the host. Addresses are for those who ask by them, as trials do: its own, and the
 * virtual ones, any of which it may come to hold.
 */
function own(balancer: Balancer, balancers: readonly Balancer[]): TaskList {
  const { ca_certificate: caCertificate, ca_key: caKey, ...vars } = balancer.vars;
  // checkTls has told of it, before any connection.
  if (caCertificate === undefined || caKey === undefined) return [];
  const names = namesOf(vars);
  const virtual = virtualAddresses(balancers).map(({ address }) => address);
  return [
    certificate({
      path: CERTIFICATE,
      keyPath: CERTIFICATE_KEY,
      caCertificate,
      caKey,
      commonName: names[0],
      sans: [...new Set([...names, balancer.address, addressOf(balancer), ...virtual])],
      // Browsers refuse what is valid for longer.
      days: 397,
      mode: '0600',
      keyMode: '0600',
    }),
  ];
}

/** The user's own, as one set: a certificate without its key would keep HAProxy from its next start. */
function given({ vars: { tls_chain: chain, tls_key: key } }: Balancer): TaskList {
  if (chain === undefined || key === undefined) return [];
  return [
    configFiles({
      name: 'site certificate',
      files: [
        { path: CERTIFICATE, content: chain, owner: 'root', group: 'root', mode: '0600' },
        { path: CERTIFICATE_KEY, content: key, owner: 'root', group: 'root', mode: '0600' },
      ],
      validate: `[ "$(openssl x509 -in ${CERTIFICATE} -noout -pubkey)" = "$(openssl pkey -in ${CERTIFICATE_KEY} -pubout)" ]`,
    }),
  ];
}

/** HAProxy does not start without a certificate, and without HAProxy no authority on the network can see whose the name is. */
function placeholder({ vars }: Balancer): TaskList {
  return [
    command({
      name: 'certificate to begin with',
      run: `umask 077
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj '/CN=${namesOf(vars)[0]}' -keyout ${CERTIFICATE_KEY} -out ${CERTIFICATE}.new 2>/dev/null
mv -f ${CERTIFICATE}.new ${CERTIFICATE}`,
      creates: CERTIFICATE,
      touches: [`path:${TLS_FOLDER}/**`],
    }),
  ];
}

/** What each source of the certificate makes of it. */
const SOURCES: Readonly<Record<TlsVars['tls_certificate'], typeof own>> = {
  'own-authority': own,
  given,
  acme: placeholder,
  none: () => [],
};
