import { READ_AGAIN, READ_LATER } from './systemdReload.js';

/** A folder that only root can look into, on a file system that runs programs (`/run` often does not). */
const FRONT = '/var/lib/provision/front';

/** Words of systemctl for which it does not matter what systemd has read: looks at states, and what `--root` does to files without asking systemd. */
const UNASKED = 'is-active|is-enabled|is-failed|list-units|list-unit-files|--version|--root=*';

/**
 * sh functions `reload_once` and `reload_due`. Between the two, what apt runs with `-o DPkg::Path="$path"` (the PATH of packages'
 * scripts, see apt.conf(5); empty where it is to stay as it is) asks a systemctl in front of the real one, which leaves a
 * `daemon-reload` until another command needs it, or until `reload_due`. Each package's script reloads: on the site's three bare
 * hosts that were 41 times, for which systemd and its generators took a tenth of all the processor time. A killed step leaves the
 * note that a reload is due.
 */
export const RELOAD_ONCE_SHELL = `
reload_once() {
  path= own=
  if ! [ -d /run/systemd/system ]; then return 0; fi
  eval "$(apt-config shell own DPkg::Path)"
  if [ -z "$own" ]; then return 0; fi
  mkdir -p -m 700 ${FRONT}
  cat >${FRONT}/systemctl.new <<FRONT_END
#!/bin/sh
# provision: while it installs packages, systemd reads its units again once, not once a package
case "\\$*" in
  daemon-reload|'--system daemon-reload') ${READ_LATER}; exit 0 ;;
esac
for word; do
  case \\$word in ${UNASKED}) exec $(command -v systemctl) "\\$@" ;; esac
done
systemctl() { $(command -v systemctl) "\\$@"; }
${READ_AGAIN}
exec $(command -v systemctl) "\\$@"
FRONT_END
  chmod 755 ${FRONT}/systemctl.new
  mv -T ${FRONT}/systemctl.new ${FRONT}/systemctl
  if ${FRONT}/systemctl --version >/dev/null 2>&1; then path=${FRONT}:$own; fi
}

reload_due() {
  rm -rf ${FRONT}
  ${READ_AGAIN}
}
`;
