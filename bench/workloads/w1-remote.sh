# The floor of W1, W2 and W6 on the host, as root: compares everything, repairs what differs. The tree comes on standard
# input. usage: w1-remote.sh [check]: shows what it would repair, with diffs, and changes nothing.
# Exit code: 0 nothing was (or would be) changed, 2 something was, else it failed.
check=$1
changed=0
tree=$(mktemp -d) || exit 1
trap 'rm -rf "$tree"' EXIT
tar xzf - -C "$tree" || exit 1
about() { cd "$1" && stat -c '%n %a %U %G' bench/d? bench/d?/* 2>&1; }
# Says what would be done, in a check; else runs it.
repair() {
  changed=2
  if [ "$check" ]; then echo "would run: $*"; else "$@" >&2 || exit 1; fi
}
if ! diff -r ${check:+-u} /srv/bench "$tree/bench" 2>&1 || [ "$(about "$tree")" != "$(about /srv)" ]; then
  repair cp -a "$tree/bench" /srv/
fi
accounts=$(getent passwd bench0 bench1)
for n in 0 1; do
  case $accounts in
    *"bench$n:x:420$n:"*":/home/bench$n:/bin/sh"*) ;;
    *) repair useradd -m -u "420$n" -s /bin/sh -d "/home/bench$n" "bench$n" ;;
  esac
done
newline='
'
lines=$newline$(cat /etc/sysctl.conf)$newline
for line in vm.swappiness=11 net.core.somaxconn=2048 fs.file-max=262144; do
  case $lines in
    *"$newline$line$newline"*) ;;
    *) repair sh -c 'echo "$1" >>/etc/sysctl.conf' sh "$line" ;;
  esac
done
packages='nginx-light haproxy cron at logrotate'
if [ "$(dpkg-query -W -f '${db:Status-Status} ' $packages 2>/dev/null)" != 'installed installed installed installed installed ' ]; then
  repair env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages
fi
units='nginx.service haproxy.service cron.service atd.service logrotate.timer'
if [ "$(systemctl show -p ActiveState -p UnitFileState $units | grep -c -e =active -e =enabled)" != 10 ]; then
  repair systemctl enable --now -q $units
fi
exit $changed
