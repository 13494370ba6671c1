import { haproxyFunction } from '../../facts/haproxy.js';
import { quote } from '../../util/shell.js';

/**
 * sh that gives a running HAProxy the certificate and key of two files, as one transaction. The key goes through a pipe:
 * it stands in no argv and in no other file.
 */
export function rotateScript(o: { readonly path: string; readonly keyPath: string; readonly socket: string }): string {
  const { path, keyPath, socket } = o;
  return `${haproxyFunction(socket)}
haproxy_payload() {
perl -MIO::Socket::UNIX -e 'alarm 30; local $/; my $s = IO::Socket::UNIX->new(shift) or die "$!\\n"; print $s scalar <STDIN>; print scalar <$s>' ${quote(socket)}
}
refused() {
  haproxy_command ${quote(`abort ssl cert ${path}`)} >/dev/null || :
  printf '%s\\n' "HAProxy refuses the certificate ${path}: $1" >&2
  exit 1
}
for p in ${quote(path)} ${quote(keyPath)}; do [ -r "$p" ] || { echo "there is no $p" >&2; exit 1; }; done
# An empty line ends what it takes for one command.
said=$({ printf '%s\\n' ${quote(`set ssl cert ${path} <<`)}; cat -- ${quote(path)} ${quote(keyPath)} | grep -v '^[[:space:]]*$'; echo; } | haproxy_payload)
case $said in *'Transaction created'*|*'Transaction updated'*) ;; *) refused "$said" ;; esac
said=$(haproxy_command ${quote(`commit ssl cert ${path}`)})
case $said in *Success!*) ;; *) refused "$said" ;; esac`;
}
