import { APT_LISTS_SCRIPT, SOURCES_STAMP } from '../../facts/aptLists.js';

/** How long a step waits for the locks of other package programs, in seconds. */
export const LOCK_TIMEOUT = 300;

/**
 * sh functions around apt. `try COMMAND…` runs one with its output in `$out`; it waits for the locks of dpkg and of the
 * lists, which apt's own option does not cover, and ends what an interrupted dpkg left half done. `give_up` shows the
 * output of what failed and ends the step (with code 75 where it waited in vain). `update` fetches the lists, once a step; it leaves
 * the cache of them, a second's work, to the installation that follows, which finds the one of the read before still good where the
 * lists are the same.
 */
export function aptShell(lockTimeout: number): string {
  return `
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1
out=$(mktemp)
trap 'rm -f "$out"' EXIT
trap 'exit 143' HUP INT TERM
deadline=$(( $(date +%s) + ${lockTimeout} )) repaired= updated= locked=

try() {
  while ! "$@" >"$out" 2>&1; do
    if grep -q 'dpkg was interrupted' "$out" && [ -z "$repaired" ]; then
      repaired=yes
      dpkg --configure -a --force-confdef --force-confold >"$out" 2>&1 || grep -qE 'lock' "$out" || return 1
      continue
    fi
    grep -qE 'Could not get lock|Unable to acquire the dpkg frontend lock|locked by another process|database is locked' "$out" || return 1
    [ "$(date +%s)" -lt "$deadline" ] || { holder; return 1; }
    sleep 1
  done
  cat "$out"
}

holder() {
  locked=yes
  lock=$(sed -n 's/.*Could not get lock \\([^ ]*[^. ]\\).*/\\1/p' "$out" | head -n 1)
  pid=$(sed -n 's/.*\\(held by process\\|process with pid\\) \\([0-9]*\\).*/\\2/p' "$out" | head -n 1)
  echo "waited ${lockTimeout} s for \${lock:-the lock of dpkg}, which process \${pid:-(unknown)} holds: $(tr '\\0' ' ' <"/proc/\${pid:-none}/cmdline" 2>/dev/null)" >>"$out"
}

give_up() {
  tr -d '\\r' <"$out" | tail -n 40 >&2
  if [ -n "$locked" ]; then exit 75; fi
  exit 1
}

update() {
  try apt-get -q -o pkgCacheFile::Generate=false update || give_up
  updated=yes
  touch /var/lib/apt/lists
}
`;
}

/** sh code: fetches the lists when there are none, when a source is newer, or when they are older than some seconds. */
export function updateWhenOld(maxAge: number): string {
  return `
lists=$(
${APT_LISTS_SCRIPT}
)
case $lists in
  absent*|*outdated) update ;;
  *) age=\${lists#* }; if [ "\${age%% *}" -gt ${maxAge} ]; then update; fi ;;
esac`;
}

/** sh code: the lists of the sources file that was just written are there. */
export const STAMP_SOURCES = `mkdir -p ${SOURCES_STAMP.slice(0, SOURCES_STAMP.lastIndexOf('/'))}; touch ${SOURCES_STAMP}`;
