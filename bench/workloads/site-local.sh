# The floor of the site: usage: site-local.sh FOLDER LB PRIMARY REPLICA, with the hosts' ssh command lines. FOLDER has a
# folder for each of the three with what it is sent. Everything goes on at once that need not wait for something else.
folder=$1 lb=$2 primary=$3 replica=$4
over() { # over SSH COMMAND: its standard input goes there
  remote=$2
  eval "$1 \"\$remote\""
}
send() { # send NAME ROLE SSH
  tar c -C "$folder/$1" . | gzip -1 |
    over "$3" "sudo -n sh -c 'd=\$(mktemp -d) && tar xzf - -C \"\$d\" && sh \"\$d/site-host.sh\" \"\$d\" $2 && rm -rf \"\$d\"'"
}
answers="until perl -MIO::Socket::INET -e '\$s = IO::Socket::INET->new(\"127.0.0.1:8080\") or exit 1; print \$s \"GET /healthz HTTP/1.0\\r\\n\\r\\n\"; exit(<\$s> !~ / 200 /)'; do sleep 0.1; done"
replicates="until [ \"\$(sudo -n mariadb -e 'SHOW SLAVE STATUS\\G' | grep -cE 'Slave_(IO|SQL)_Running: Yes')\" = 2 ]; do sleep 0.1; done"

send lb lb "$lb" &
balancer=$!
send replica web "$replica" &
second=$!
send primary web "$primary" || exit 1
over "$primary" "sudo -n mariadb && $answers" <"$folder/primary.sql" || exit 1
wait $second || exit 1
over "$replica" "sudo -n mariadb && $replicates && $answers" <"$folder/replica.sql" || exit 1
wait $balancer
