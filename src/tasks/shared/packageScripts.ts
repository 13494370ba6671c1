import { quote } from '../../util/shell.js';
import { aptShell, updateWhenOld } from './aptShell.js';
import { POLICY_SHELL } from './policyRcD.js';
import { RELOAD_ONCE_SHELL } from './reloadOnce.js';

interface Installation {
  /** They are downgraded where the words name an older version. */
  readonly version?: string | undefined;
  readonly recommends: boolean;
  readonly updateCache: boolean;
  readonly cacheMaxAge: number;
  readonly services: 'stopped' | 'started';
  readonly lockTimeout: number;
}

/** What apt says when its lists are too old for what is asked of it. */
const STALE = 'Unable to locate package|has no installation candidate|Version .* was not found|Failed to fetch|404 +Not Found';

const APT_GET = 'apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold';

/** What apt is asked for: names, or names with a version. */
export function installWords(names: readonly string[], version: string | undefined): readonly string[] {
  return names.map((name) => (version === undefined ? name : `${name}=${version}`));
}

/** sh code that installs the packages in its positional parameters, or brings them to their newest (or a given) version. */
export function installScript(o: Installation): string {
  const flags = `${o.recommends ? '--install-recommends' : '--no-install-recommends'}${o.version === undefined ? '' : ' --allow-downgrades'}`;
  const stopped = o.services === 'stopped';
  return [
    aptShell(o.lockTimeout),
    EXPLAIN,
    RELOAD_ONCE_SHELL,
    // Whatever ends the step, the answer file goes, and systemd knows its units.
    ...(stopped ? [POLICY_SHELL] : []),
    `trap '${stopped ? 'services_back; ' : ''}reload_due || :; rm -f "$out"' EXIT`,
    ...(stopped ? ['services_stopped'] : []),
    'reload_once',
    ...(o.updateCache ? [updateWhenOld(o.cacheMaxAge)] : []),
    `install() { try ${APT_GET} \${path:+-o "DPkg::Path=$path"} install ${flags} -- "$@"; }`,
    'if ! install "$@"; then',
    ...(o.updateCache ? [`  if [ -n "$updated" ] || ! grep -qE '${STALE}' "$out"; then explain; fi`, '  update'] : ['  explain']),
    '  install "$@" || explain',
    'fi',
  ].join('\n');
}

/** sh code that removes packages. */
export function removeScript(o: {
  readonly names: readonly string[];
  readonly lockTimeout: number;
  readonly purge: boolean;
}): string {
  return `${aptShell(o.lockTimeout)}
try ${APT_GET} ${o.purge ? 'purge' : 'remove'} -- ${o.names.map(quote).join(' ')} || give_up`;
}

/** An error of apt, with what its lists offer instead of a name that they do not have. */
const EXPLAIN = `
explain() {
  for name in $(sed -n 's/^E[a-z]*: Unable to locate package //p' "$out"); do
    rest=\${name#???}
    near=$(apt-cache pkgnames "\${name%"$rest"}" 2>/dev/null | sort | head -n 12 | tr '\\n' ' ')
    echo "no repository of this host has a package $name\${near:+; names that begin alike: $near}" >>"$out"
  done
  give_up
}`;
