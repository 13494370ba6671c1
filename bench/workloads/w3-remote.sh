# The floor of W3 on a host, as root: two processes look at everything; what differs is made anew.
# usage: w3-remote.sh HOST PAIRS. Exit code: 0 nothing was changed, 2 something was, else it failed.
host=$1 pairs=$2
mkdir -p /srv/small && cd /srv/small || exit 1
newline='
'
folders='' names='' files='' modes='' texts='' n=0
while [ "$n" -lt "$pairs" ]; do
  folders="$folders d$n"
  names="$names d$n d$n/f$n"
  files="$files d$n/f$n"
  modes="${modes}755 d$n${newline}644 d$n/f$n$newline"
  texts="${texts}file $n of $host$newline"
  n=$((n + 1))
done
if [ "$(stat -c '%a %n' $names 2>/dev/null)$newline" = "$modes" ] && [ "$(cat $files 2>/dev/null)$newline" = "$texts" ]; then exit 0; fi
mkdir -p $folders && chmod 755 $folders || exit 1
n=0
while [ "$n" -lt "$pairs" ]; do
  echo "file $n of $host" >"d$n/f$n" || exit 1
  n=$((n + 1))
done
chmod 644 $files || exit 1
exit 2
