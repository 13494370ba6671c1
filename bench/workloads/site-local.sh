# The floor of the site: usage: site-local.sh FOLDER LB PRIMARY REPLICA, with the hosts' ssh command lines. FOLDER has a tarball
# for each of the three. Everything goes on at once that need not wait for something else, over one connection a host.
folder=$1 lb=$2 primary=$3 replica=$4
host() { # host NAME SSH: its tarball goes there, and then its standard input
  remote="sudo -n sh -c 'd=\$(mktemp -d) && cd \"\$d\" && head -c $(stat -c %s "$folder/$1.tgz") | tar xz && sh ./site-host.sh $1 && rm -r \"\$d\"'"
  { cat "$folder/$1.tgz" && cat; } | eval "$2 \"\$remote\""
}
go=$folder/go
mkfifo "$go" || exit 1
host lb "$lb" </dev/null &
balancer=$!
host replica "$replica" <"$go" &
second=$!
host primary "$primary" </dev/null >"$go" || failed=primary
rm "$go"
wait "$second" || failed=replica
wait "$balancer" || failed=lb
[ -z "$failed" ] || { echo "site-local.sh: $failed failed" >&2; exit 1; }
