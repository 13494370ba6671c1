import { createHash } from 'node:crypto';
import type { MachineApt } from '../rig/machineApt.js';
import { recipeFor } from '../rig/recipe.js';

/** The name under which vagrant knows the box. */
export const boxName = 'local/provision-bookworm';

/** This machine's address in vagrant-libvirt's management network, where the machines' name server and apt proxy are. */
export const gateway = '192.168.121.1';

/** The port of the apt proxy on that address. */
export const proxyPort = 3142;

/** Gigabytes of a machine's disk; only what is written to it takes room. */
export const diskGigabytes = 6;

/** What a box has over a bare server: a kernel, and what starts it. No Python: the tool must not need it. */
const packages = [
  'systemd-sysv',
  'dbus',
  'libpam-systemd',
  'udev',
  'kmod',
  'linux-image-cloud-amd64',
  'initramfs-tools',
  'openssh-server',
  'sudo',
  'iproute2',
  'ca-certificates',
  'procps',
];

/** Only what a virtio disk with ext4 needs: an initrd is unpacked by an emulated processor. */
const initramfs = `mkdir -p "$1/etc/initramfs-tools/conf.d"
echo MODULES=list > "$1/etc/initramfs-tools/conf.d/box"
printf '%s\\n' virtio_pci virtio_blk ext4 crc32c_generic > "$1/etc/initramfs-tools/modules"
`;

/**
 * The hook reads the public half of the key that every copy of vagrant has, and replaces by one of its own at a
 * machine's first start, from $VAGRANT_PUBLIC_KEY_FILE.
 */
const customise = `set -eu
cd "$1"
chroot . useradd --create-home --shell /bin/bash vagrant
echo 'vagrant ALL=(ALL:ALL) NOPASSWD: ALL' > etc/sudoers.d/vagrant
chmod 0440 etc/sudoers.d/vagrant
install -d -m 0700 home/vagrant/.ssh
install -m 0600 "$VAGRANT_PUBLIC_KEY_FILE" home/vagrant/.ssh/authorized_keys
chroot . chown -R vagrant:vagrant /home/vagrant/.ssh
rm -f etc/ssh/ssh_host_* etc/apt/apt.conf.d/99mmdebstrap var/lib/dbus/machine-id etc/resolv.conf
: > etc/machine-id
echo box > etc/hostname
printf '127.0.0.1\\tlocalhost\\n127.0.1.1\\tbox\\n' > etc/hosts
echo '/dev/vda / ext4 errors=remount-ro 0 1' > etc/fstab
echo 'nameserver ${gateway}' > etc/resolv.conf
printf 'Acquire::http::Proxy "http://${gateway}:${proxyPort}";\\nAcquire::Languages "none";\\n' > etc/apt/apt.conf.d/01box
printf '[Match]\\nName=eth0\\n[Network]\\nDHCP=ipv4\\n[DHCPv4]\\nUseMTU=yes\\n' > etc/systemd/network/eth0.network
printf 'UseDNS no\\n' > etc/ssh/sshd_config.d/box.conf
cat > etc/systemd/system/ssh-host-key.service <<'UNIT'
[Unit]
Description=The host key of this machine
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
Before=ssh.service
[Service]
Type=oneshot
ExecStart=ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
[Install]
WantedBy=multi-user.target
UNIT
chroot . systemctl enable ssh-host-key.service systemd-networkd.service
chroot . systemctl mask apt-daily.timer apt-daily-upgrade.timer systemd-networkd-wait-online.service e2scrub_reap.service
touch etc/.updated var/.updated
`;

/**
 * What the box's Vagrantfile says of every machine besides its kernel. Nothing on the disk is worth waiting for it to be
 * on a real one, and nobody attacks a machine that lives for an hour.
 */
export const machineSettings = `libvirt.cmd_line = 'root=/dev/vda rw console=ttyS0 net.ifnames=0 mitigations=off'
    libvirt.disk_driver cache: 'unsafe'`;

/** How the box is made on this machine. */
export interface BoxRecipe {
  /** Its folder's name; changes with everything that the box depends on. */
  readonly key: string;
  /** mmdebstrap's arguments, without proxy and target. */
  readonly args: readonly string[];
  /** The archive's lines, as in sources.list. */
  readonly sources: readonly string[];
}

/** The recipe for this machine: Debian bookworm from the mirror that the rig takes it from. */
export function boxRecipe(apt: MachineApt): BoxRecipe {
  const { sources } = recipeFor('bookworm', apt);
  const args = [
    '--mode=root',
    '--format=directory',
    '--variant=minbase',
    `--include=${packages.join(',')}`,
    '--skip=cleanup/apt/lists',
    `--essential-hook=${initramfs}`,
    `--customize-hook=${customise}`,
  ];
  const hash = createHash('sha256')
    .update(JSON.stringify([args, sources, diskGigabytes, machineSettings]))
    .digest('hex');
  return { key: `bookworm-${hash.slice(0, 12)}`, args, sources };
}
