# Plays many hosts in one container: an sshd each, with a default sshd's limits, that sees folders of its own.
# Without PAM: so many real hosts would not share one logind.
# usage: bench-wide USER FIRST_PORT COUNT
user=$1 first=$2 count=$3
usermod -p '*' "$user" # without PAM, sshd refuses an account that is locked by `!`
mkdir -p /run/sshd
number=0
while [ "$number" -lt "$count" ]; do
  port=$((first + number))
  unshare --mount sh -c '
    for folder in /run/provision /var/lib/provision /srv; do
      mkdir -p "$folder" "/wide/$0$folder"
      mount --bind "/wide/$0$folder" "$folder" || exit 1
    done
    exec /usr/sbin/sshd -D -p "$0" -o UsePAM=no -o PidFile=none' "$port" &
  number=$((number + 1))
done
wait
