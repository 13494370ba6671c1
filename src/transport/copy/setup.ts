import { RUN_DIRECTORY } from '../scripts.js';
import { quote } from '../../util/shell.js';
import { COPY_DIRECTORY, POLICY_PROGRAM, SYSTEMCTL_PROGRAM } from './layout.js';

/** The least memory that a copy is made with, in KiB: dpkg's own database is written in some tens of MiB. */
const LEAST_KIB = 196_608;

/** The least free disk space, where a folder on disk holds it: the host must not run out. In KiB. */
const LEAST_DISK_KIB = 2_097_152;

/** How long a copy outlives the last sign of its controller, in seconds. */
export const LEASE_SECONDS = 90;

/** The word that the controller sends to keep a copy. Anything else, or the end of the input, ends it. */
export const KEEP_WORD = 'keep';

/**
 * Where the layers are put together, in this namespace only: a folder that every host has, so that not even an empty one
 * is left behind.
 */
const D = '/run/lock';
const R = `${D}/root`;

/**
 * sh that makes a throwaway copy of the host's file systems in namespaces of its own, says `copy PID`, and keeps it as
 * long as it is told to. It answers `refused WHY` where it cannot, after the program's own words, and `readonly PATH` for
 * a file system that cannot be written over. All of it ends with its first process, whatever ends that.
 */
export function copyScript(token: string, scratch: string | undefined): string {
  const inner = [HELPERS, MEMORY, LAYERS, KERNEL_MOUNTS, RUN_FOLDER, MANNERS, record(token), enter(token)].join('\n');
  const prefix = `say() { printf ${quote(`\\n${token} %s\\n`)} "$*"; }\n`;
  // Read as a whole before any of it runs: the copy's first process must not find the rest of it on its own input.
  return [
    '{',
    ...(scratch === undefined ? ['S='] : [prefix.trimEnd(), SCRATCH.replaceAll('SCRATCH', () => quote(scratch))]),
    `unshare --mount --propagation private --pid --uts --ipc --fork --kill-child sh -c ${quote(prefix + inner)} sh "$S" 2>&1`,
    ...(scratch === undefined ? [] : ['rm -rf --one-file-system -- "$S"; exec 8>&-']),
    `printf ${quote(`\\n${token} ended\\n`)}`,
    '}\n',
  ].join('\n');
}

/**
 * A folder on disk for what is written, in place of memory. Whatever ends the copy, the shell outside it removes the folder;
 * one that a power cut left is removed by the next rehearsal: nobody holds its lock.
 */
const SCRATCH = `
for old in SCRATCH/.provision-rehearsal.*; do
  if [ -f "$old/lock" ]; then flock -n "$old/lock" rm -rf --one-file-system -- "$old" || :; fi
done
S=$(mktemp -d SCRATCH/.provision-rehearsal.XXXXXX 2>&1) || { printf '%s\\n' "$S"; say refused scratch; exit 1; }
exec 8>"$S/lock"; flock 8
`;

/** `P` is this process as the host counts: the old /proc still tells. */
const HELPERS = `
set -e
umask 022
S=$1
read -r P rest </proc/self/stat
refuse() { say refused "$1"; exit 1; }
`;

/** Three quarters of what is free, in this machine or in the container's limit, may be written. */
const MEMORY = `
free=0
while read -r name value unit; do
  case $name in MemAvailable: | SwapFree:) free=$((free + value)) ;; esac
done </proc/meminfo
group=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null) || :
while :; do
  folder=/sys/fs/cgroup$group
  if limit=$(cat "$folder/memory.max" 2>/dev/null) && [ "$limit" != max ]; then
    left=$(( (limit - $(cat "$folder/memory.current")) / 1024 ))
    [ "$left" -ge "$free" ] || free=$left
  fi
  case $group in /?*) group=\${group%/*} ;; *) break ;; esac
done
[ "$free" -ge ${LEAST_KIB} ] || [ -n "$S" ] || { echo "$((free / 1024)) MiB are free"; refuse memory; }
size=$((free / 4 * 3))
if [ -n "$S" ]; then
  left=$(df -k --output=avail -- "$S" | tail -n 1)
  [ "$left" -ge ${LEAST_DISK_KIB} ] || { echo "$((left / 1024)) MiB are free"; refuse disk; }
fi
`;

/**
 * The root, then each file system mounted in it, as an overlay: what is written goes into memory. Kernel and run-time
 * file systems are made anew below. What no overlay can lie over (or should not: network, FUSE) is shown read-only.
 */
const LAYERS = `
mkdir -p ${D}
mount -t tmpfs -o "size=\${size}k,mode=0711" rehearsal ${D} || refuse mount
mkdir -p ${R} ${D}/layers
if [ -n "$S" ]; then mount --bind -- "$S" ${D}/layers; fi
n=0
over() {
  layer=${D}/layers/$n
  mkdir -p "$layer/upper" "$layer/work"
  chmod --reference="$1" "$layer/upper"; chown --reference="$1" "$layer/upper"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$layer/upper,workdir=$layer/work,redirect_dir=off,metacopy=off,index=off" "$2" || return 1
  printf '%s\\n' "$1" >"$layer/point"
  n=$((n + 1))
}
look_only() {
  mount --bind -- "$1" "$2" && mount -o remount,bind,ro -- "$2" && say readonly "$1"
}
over / ${R} || refuse overlay
# Not to be met within the copy, where the kernel gives an error for a layer in another.
if [ -n "$S" ] && [ -d "${R}$S" ]; then mount -t tmpfs -o size=4k rehearsal "${R}$S"; fi
LC_ALL=C sort -k 5,5 -s /proc/self/mountinfo >${D}/mounts
last=/
while read -r id parent device root point rest; do
  point=$(printf '%b' "$point")
  type=\${rest#*- }; type=\${type%% *}
  case $point in "$last" | /proc | /proc/* | /sys | /sys/* | /dev | /dev/* | /run | /run/*) continue ;; esac
  last=$point
  target=${R}$point
  if [ -f "$point" ] && [ -f "$target" ]; then cp -p -- "$point" "$target"; continue; fi
  [ -d "$point" ] && [ -d "$target" ] || continue
  case $type in
    autofs | binfmt_misc | rpc_pipefs | nfsd) continue ;;
    nfs* | cifs | smb* | 9p | fuse* | ceph | glusterfs | squashfs | iso9660) look_only "$point" "$target" || continue ;;
    *) case $point in
      *[,:\\\\]*) look_only "$point" "$target" || continue ;;
      *) over "$point" "$target" 2>/dev/null || look_only "$point" "$target" || continue ;;
    esac ;;
  esac
done <${D}/mounts
`;

/** Devices without disks, kernel parameters without write access: what acts on the machine itself is not there. */
const KERNEL_MOUNTS = `
mount -t proc proc ${R}/proc || refuse mount
for p in sys bus irq fs acpi; do
  if [ -d ${R}/proc/$p ]; then mount --bind ${R}/proc/$p ${R}/proc/$p; mount -o remount,bind,ro ${R}/proc/$p; fi
done
if [ -e ${R}/proc/sysrq-trigger ]; then mount --bind /dev/null ${R}/proc/sysrq-trigger; fi
mount -t sysfs -o ro sysfs ${R}/sys 2>/dev/null || mount --bind -o ro /sys ${R}/sys
mount -t tmpfs -o mode=755,size=4m rehearsal ${R}/dev || refuse mount
for node in null zero full random urandom tty; do : >${R}/dev/$node; mount --bind /dev/$node ${R}/dev/$node; done
mkdir ${R}/dev/pts ${R}/dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts ${R}/dev/pts || rmdir ${R}/dev/pts
mount -t tmpfs -o mode=1777 rehearsal ${R}/dev/shm
ln -s pts/ptmx ${R}/dev/ptmx
ln -s /proc/self/fd ${R}/dev/fd
for pair in 0:stdin 1:stdout 2:stderr; do ln -s /proc/self/fd/\${pair%:*} ${R}/dev/\${pair#*:}; done
`;

/** No socket of the running system, but its folders (programs look for theirs), and what name resolution needs. */
const RUN_FOLDER = `
mount -t tmpfs -o mode=755 rehearsal ${R}/run || refuse mount
( cd /run && find . -xdev -type d ! -path './systemd/*' ! -path './provision*' ! -path './lock/*' ! -path './user*' ! -path './host*' ! -path './credentials*' -print0 |
  tar --null --no-recursion -T - -cf - ) | tar -xpf - -C ${R}/run
mkdir -p ${R}/run/lock; chmod 1777 ${R}/run/lock
resolver=$(readlink -f /etc/resolv.conf) || :
for f in "$resolver" /run/reboot-required /run/reboot-required.pkgs; do
  case $f in /run/*) if [ -f "$f" ]; then mkdir -p "${R}\${f%/*}"; cp -p -- "$f" "${R}$f"; fi ;; esac
done
`;

/**
 * Services are not started: packages' scripts are told so, and systemctl does what it can offline. The real one fails
 * for \`--now\` and says that all is active.
 */
const MANNERS = `
rm -f ${R}${POLICY_PROGRAM}
printf '%s\\n' '#!/bin/sh' '# a rehearsal starts no service' 'exit 101' >${R}${POLICY_PROGRAM}
chmod 755 ${R}${POLICY_PROGRAM}
if real=$(command -v systemctl) && [ ! -e ${R}${SYSTEMCTL_PROGRAM} ]; then
  mkdir -p ${R}${SYSTEMCTL_PROGRAM.slice(0, SYSTEMCTL_PROGRAM.lastIndexOf('/'))}
  cat >${R}${SYSTEMCTL_PROGRAM} <<END
#!/bin/sh
# in a rehearsal nothing runs, and nothing is started
case " \\$* " in *' is-active '* | *' is-failed '*) echo inactive; exit 3 ;; esac
for word; do
  shift
  [ "\\$word" = --now ] || set -- "\\$@" "\\$word"
done
export SYSTEMD_OFFLINE=1
exec $real "\\$@"
END
  chmod 755 ${R}${SYSTEMCTL_PROGRAM}
fi
`;

function record(token: string): string {
  return `
C=${R}${COPY_DIRECTORY}
mkdir -p -m 711 ${R}${RUN_DIRECTORY}
mkdir -m 711 "$C" "$C/lower" "$C/upper"
printf '%s\\n' ${quote(token)} >"$C/token"
chmod 600 "$C/token"
i=0
while [ "$i" -lt "$n" ]; do
  point=$(cat "${D}/layers/$i/point")
  mkdir "$C/lower/$i" "$C/upper/$i"
  mount --bind -- "$point" "$C/lower/$i"
  mount -o remount,bind,ro "$C/lower/$i"
  mount --bind "${D}/layers/$i/upper" "$C/upper/$i"
  printf '%s\\t%s\\n' "$i" "$point" >>"$C/layers"
  i=$((i + 1))
done
`;
}

/**
 * The copy becomes the root: moved over it, as an initramfs does, which needs no program that some hosts lack. What enters
 * the namespace later begins there. The loop takes any line that comes within the lease; `head` may swallow several.
 */
function enter(token: string): string {
  const loop = `while [ "$(timeout ${LEASE_SECONDS} head -n 1)" = ${KEEP_WORD} ]; do :; done`;
  return `
cd ${R}
mount --move . / || refuse mount
exec chroot . sh -c ${quote(`printf '\\n${token} copy %s\\n' "$1"\n${loop}`)} sh "$P"
`;
}
