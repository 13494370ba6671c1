/** The program that packages' scripts ask whether they may start a service. */
const POLICY = '/usr/sbin/policy-rc.d';
const SAVED = `${POLICY}.before-provision`;

/**
 * sh functions `services_stopped` and `services_back`. Between the two, an installation starts no service that did not
 * run before; those that ran may be restarted by an upgrade. An answer file that a killed step left behind answers
 * "allowed" as soon as that step's process is gone, and one that the host had already is asked as before.
 */
export const POLICY_SHELL = `
services_stopped() {
  active=$(systemctl list-units --plain --no-legend --no-pager --state=active,reloading --type=service,socket 2>/dev/null | cut -d ' ' -f 1)
  since=$(cut -d ' ' -f 22 "/proc/$$/stat")
  if [ -e ${POLICY} ] && ! grep -q '^# provision:' ${POLICY}; then mv -T ${POLICY} ${SAVED}; fi
  cat >${POLICY}.new <<POLICY_END
#!/bin/sh
# provision: while it installs packages, services that did not run are not started
if [ "\\$(cut -d ' ' -f 22 /proc/$$/stat 2>/dev/null)" = "$since" ]; then
  case "\\$2" in *start*|*reload*) ;; *) exit 0 ;; esac
  case "\\$1" in *.*) unit=\\$1 ;; *) unit=\\$1.service ;; esac
  grep -qxF -e "\\$unit" <<'ACTIVE_END' || exit 101
$active
ACTIVE_END
fi
[ ! -x ${SAVED} ] || exec ${SAVED} "\\$@"
exit 0
POLICY_END
  chmod 755 ${POLICY}.new
  mv -T ${POLICY}.new ${POLICY}
}

services_back() {
  if grep -q '^# provision:' ${POLICY} 2>/dev/null; then
    rm -f ${POLICY}
    [ ! -e ${SAVED} ] || mv -T ${SAVED} ${POLICY}
  fi
}
`;
