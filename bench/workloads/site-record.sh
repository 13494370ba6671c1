# What a first run of the site left on a host, as root, as a gzipped tar of files.tgz and, of a server with accounts,
# accounts.sql. A run installs all packages in one transaction, its first change: what changed since is of its own.
set -e
folder=$(mktemp -d)
cd /
find . -xdev \( -path ./var/lib -o -path ./var/log -o -path ./var/cache -o -path ./tmp -o -path ./var/tmp -o -path ./run -o -path ./home \
  -o -path ./root \) -prune -o -cnewer /var/lib/dpkg/status ! -path . -print |
  grep -vE '^\./(etc/((passwd|group|shadow|gshadow)-?|\.pwd\.lock)|usr/sbin|etc|usr|var)$' |
  tar cz --no-recursion -T - >"$folder/files.tgz"
if [ "$1" = primary ]; then
  {
    mariadb -BN -e "SELECT CONCAT('CREATE DATABASE \`', schema_name, '\` CHARACTER SET ', default_character_set_name,
      ' COLLATE ', default_collation_name, ';') FROM information_schema.schemata
      WHERE schema_name NOT IN ('information_schema', 'mysql', 'performance_schema', 'sys')"
    # Its own statements also bring accounts that each server has, and roles for its own use.
    mariadb-dump --system=users | grep -E '^(CREATE USER|GRANT [^`]* ON) ' | grep -vE ' `(root|mysql|mariadb\.sys)`@'
  } >"$folder/accounts.sql"
fi
tar cz -C "$folder" .
rm -r "$folder"
