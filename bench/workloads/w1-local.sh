# The floor of W1, W2 and W6 for one host: renders the templates here, then one connection and one script there.
# usage: w1-local.sh HOST REVISION_OF_THE_FIRST REMOTE_COMMAND SSH...
host=$1 first=$2 remote=$3
shift 3
tree=$(mktemp -d)
mkdir "$tree/bench" && chmod 755 "$tree/bench"
umask 027
mkdir "$tree/bench/d0" "$tree/bench/d1" "$tree/bench/d2" "$tree/bench/d3" "$tree/bench/d4"
awk -v host="$host" -v first="$first" -v out="$tree/bench" '
  FNR == 1 {
    if (file) close(file)
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.ejs$/, "", name)
    number = name
    gsub(/[^0-9]/, "", number)
    file = out "/d" (number % 5) "/" name
    next
  }
  {
    gsub(/<%= v\.host %>/, host)
    gsub(/<%= v\.environment %>/, "production")
    gsub(/<%= v\.revision %>/, number == 0 ? first : "7")
    print > file
  }' "${0%/*}"/templates/*.ejs
tar c --owner=0 --group=0 -C "$tree" bench | gzip -1 | "$@" "$remote"
code=$?
rm -rf "$tree"
exit $code
