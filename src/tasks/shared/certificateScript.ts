import { joinText, mapText, type Secret, type Text } from '../../util/secret.js';
import { isAddress } from '../../util/address.js';
import { quote, quoteText } from '../../util/shell.js';
import { authorityText } from './authority.js';

export interface CertificateFiles {
  readonly path: string;
  readonly keyPath: string;
  readonly caPath?: string | undefined;
  readonly chainPath?: string | undefined;
  readonly caCertificate: string;
  readonly caKey: Secret;
  readonly commonName: string;
  /** Canonical and sorted. */
  readonly names: readonly string[];
  readonly days: number;
  readonly owner: string;
  readonly group: string;
  readonly mode: string;
  readonly keyMode: string;
  /** Whether key and certificate are made anew, or only what goes with them. */
  readonly issue: boolean;
}

/**
 * sh that makes a key and has the authority sign a certificate for it, then puts all files in place. The host's key is
 * made here and stays here; the authority's comes through a pipe from `printf`, which is part of the shell.
 */
export function issueScript(files: CertificateFiles): Text {
  const { path, keyPath, caPath, chainPath, mode, keyMode } = files;
  return joinText(
    [
      PREPARE,
      putFunction(files),
      `printf %s ${quote(authorityText(files.caCertificate))} >"$d/ca"`,
      ...(files.issue ? signLines(files) : [`cat -- ${quote(path)} >"$d/certificate"`]),
      `cat -- "$d/certificate" "$d/ca" >"$d/chain"`,
      ...(caPath === undefined ? [] : [`put ca ${quote(caPath)} ${mode}`]),
      ...(chainPath === undefined ? [] : [`put chain ${quote(chainPath)} ${mode}`]),
      ...(files.issue ? [`put key ${quote(keyPath)} ${keyMode}`, `put certificate ${quote(path)} ${mode}`] : permitLines(files)),
    ],
    '\n',
  );
}

const PREPARE = `umask 077
t= d=$(mktemp -d /run/provision-certificate.XXXXXX)
trap 'rm -rf -- "$d" "$t"' EXIT
trap 'exit 1' HUP INT TERM`;

/** Puts a file in place under a name of its own first, then renamed. */
function putFunction({ owner, group }: CertificateFiles): string {
  return `put() {
  [ -d "$(dirname -- "$2")" ] || { echo "the directory $(dirname -- "$2") does not exist" >&2; exit 1; }
  t=$(mktemp -- "$(dirname -- "$2")/.provision.XXXXXX")
  cat -- "$d/$1" >"$t"; chown ${quote(`${owner}:${group}`)} -- "$t"; chmod "$3" -- "$t"
  sync -- "$t"; mv -fT -- "$t" "$2"
}`;
}

function signLines({ commonName, names, days, caKey }: CertificateFiles): readonly Text[] {
  const request = `[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = ${commonName}\n`;
  const extensions = [
    'basicConstraints = critical,CA:FALSE',
    'keyUsage = critical,digitalSignature',
    'extendedKeyUsage = serverAuth,clientAuth',
    'subjectKeyIdentifier = hash',
    'authorityKeyIdentifier = keyid',
    `subjectAltName = ${names.map((name) => `${isAddress(name) ? 'IP' : 'DNS'}:${name}`).join(',')}`,
  ];
  const sign =
    'openssl x509 -req -sha256 -in "$d/csr" -CA "$d/ca" -CAkey /dev/stdin -set_serial "0x$(openssl rand -hex 16)" ' +
    `-days ${days} -extfile "$d/extensions" -out "$d/certificate" 2>"$d/said" || { cat "$d/said" >&2; exit 1; }`;
  return [
    `command -v openssl >/dev/null || { echo "openssl is not installed on this host: add package({ name: 'openssl' }) before" >&2; exit 1; }`,
    `printf %s ${quote(request)} >"$d/request"`,
    `printf '%s\\n' ${extensions.map(quote).join(' ')} >"$d/extensions"`,
    'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$d/key" 2>/dev/null',
    'openssl req -new -sha256 -key "$d/key" -config "$d/request" -out "$d/csr"',
    mapText(quoteText(caKey), (word) => `printf '%s\\n' ${word} | ${sign}`),
  ];
}

/** Owner and modes of what is left as it is. */
function permitLines({ path, keyPath, owner, group, mode, keyMode }: CertificateFiles): readonly string[] {
  return [
    `chown ${quote(`${owner}:${group}`)} -- ${quote(path)} ${quote(keyPath)}`,
    `chmod ${mode} -- ${quote(path)}`,
    `chmod ${keyMode} -- ${quote(keyPath)}`,
  ];
}
