import { quote } from '../../util/shell.js';
import { aptShell, STAMP_SOURCES } from './aptShell.js';

interface RepositoryFiles {
  readonly name: string;
  readonly sourcesPath: string;
  readonly keyPath: string;
  readonly lockTimeout: number;
}

/** sh code that sets the repository's files aside, as they are before the change. */
export function keepScript({ name, sourcesPath, keyPath }: RepositoryFiles): string {
  return `${folder(name)}
rm -rf -- "$old"; ( umask 077; mkdir -p -- "$old" ); mkdir -p /etc/apt/keyrings
for f in ${quote(sourcesPath)} ${quote(keyPath)}; do if [ -e "$f" ]; then cp -a -- "$f" "$old"; fi; done`;
}

/**
 * sh code that fetches the repository's own lists (all lists, where others are outdated too); where that fails, the
 * files that were set aside come back.
 */
export function fetchScript(o: RepositoryFiles, all: boolean): string {
  const only = `-o Dir::Etc::sourcelist=${quote(o.sourcesPath)} -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0`;
  return `${folder(o.name)}
${aptShell(o.lockTimeout)}
# The age of the lists is that of their folder; this fetches some of them only.
since=$(stat -c %Y /var/lib/apt/lists)
if try apt-get -q update -o APT::Update::Error-Mode=any ${all ? '' : only}; then
  ${all ? 'touch /var/lib/apt/lists' : `touch -d "@$since" /var/lib/apt/lists\n  ${STAMP_SOURCES}`}
  rm -rf -- "$old"
else
  for f in ${quote(o.sourcesPath)} ${quote(o.keyPath)}; do
    rm -f -- "$f"
    if [ -e "$old/\${f##*/}" ]; then cp -a -- "$old/\${f##*/}" "$f"; fi
  done
  rm -rf -- "$old"
  echo ${quote(`the lists of ${o.name} could not be fetched; the sources of this host are as they were:`)} >&2
  grep -v 'Some index files failed' "$out" | grep -E '^(E[a-z]*:|waited)' >&2 || cat "$out" >&2
  exit 1
fi`;
}

/** sh code that fetches all lists. */
export function fetchAllScript(lockTimeout: number): string {
  return `${aptShell(lockTimeout)}\nupdate`;
}

/** sh code that removes the repository and its lists. */
export function removeScript(o: RepositoryFiles): string {
  return `${aptShell(o.lockTimeout)}
rm -f -- ${quote(o.sourcesPath)} ${quote(o.keyPath)}
update`;
}

function folder(name: string): string {
  return `old=/run/provision/apt/${quote(name)}`;
}
