# The floor of the site on one host, as root: usage: site-host.sh FOLDER web|lb, with files.tgz (what is to stand in /) in FOLDER.
set -e
folder=$1 role=$2
export DEBIAN_FRONTEND=noninteractive
base='ca-certificates logrotate systemd-timesyncd'
case $role in
  web) packages="$base mariadb-server mariadb-client mariadb-backup openssl nodejs nginx" ;;
  lb) packages="$base haproxy socat" ;;
esac
apt-get -q update >&2
# Nothing is started before it is configured.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get install -q -y --no-install-recommends $packages >&2
rm /usr/sbin/policy-rc.d
case $role in
  web)
    groupadd --system foobar
    useradd --system -g foobar -d /srv/foobar -M -s /usr/sbin/nologin foobar
    systemctl mask -q --now mariadb.socket
    tar xzpf "$folder/files.tgz" -C /
    rm -f /etc/nginx/sites-enabled/default
    nginx -t -q >&2
    systemctl daemon-reload
    systemctl enable -q --now logrotate.timer mariadb foobar nginx
    ;;
  lb)
    tar xzpf "$folder/files.tgz" -C /
    haproxy -c -q -f /etc/haproxy/haproxy.cfg >&2
    systemctl enable -q --now logrotate.timer haproxy
    ;;
esac
