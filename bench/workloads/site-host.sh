# The floor of the site on one host, as root: usage: site-host.sh lb|primary|replica, in a folder with: packages (to be installed),
# files.tgz (what is to stand in /), units (to be started), pause (seconds before that) and a database's statements. A primary
# writes a line when its accounts are there, and a replica reads it.
set -e
role=$1
exec 3<&0 4>&1 </dev/null >&2
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
# Nothing is started before it is configured.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get install -q -y --no-install-recommends $(cat packages)
rm /usr/sbin/policy-rc.d
if [ "$role" != lb ]; then
  groupadd --system foobar
  useradd --system -g foobar -d /srv/foobar -M -s /usr/sbin/nologin foobar
  rm -f /etc/nginx/sites-enabled/default
fi
# The links in it enable units, too.
tar xzpf files.tgz -C /
sshd -t
sysctl -q -p /etc/sysctl.d/60-hardening.conf
systemctl daemon-reload
sleep "$(cat pause)"
systemctl start $(cat units) &
starts=$!
systemctl reload ssh
case $role in
  primary)
    systemctl start mariadb
    cat accounts.sql statements.sql | mariadb
    echo go >&4
    ;;
  replica)
    systemctl start mariadb
    read -r go <&3
    mariadb <statements.sql
    ;;
esac
wait "$starts"
if [ "$role" = replica ]; then
  until [ "$(mariadb -e 'SHOW SLAVE STATUS\G' | grep -cE 'Slave_(IO|SQL)_Running: Yes')" = 2 ]; do sleep 0.1; done
fi
if [ "$role" != lb ]; then
  until perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new("127.0.0.1:8080") or exit 1; print $s "GET /healthz HTTP/1.0\r\n\r\n"; exit(<$s> !~ / 200 /)'; do
    sleep 0.1
  done
fi
