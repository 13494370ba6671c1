import type { PackageContents } from './contents.js';

/** Programs without services, as Debian 12 and 13 have them, measured without recommended packages. */
export const toolContents: Readonly<Record<string, PackageContents>> = {
  'ca-certificates': {
    directories: ['/etc/ssl', '/etc/ssl/certs'],
    files: ['/etc/ca-certificates.conf', '/usr/bin/openssl 0755'],
    touches: ['path:/etc/ca-certificates/**', 'path:/etc/ssl/**'],
  },
  openssl: { directories: ['/etc/ssl', '/etc/ssl/certs'], files: ['/usr/bin/openssl 0755'], touches: ['path:/etc/ssl/**'] },
  nodejs: {},
  git: {
    directories: ['/etc/bash_completion.d', '/var/lib/git'],
    files: ['/etc/bash_completion.d/git-prompt'],
    touches: ['path:/etc/perl/**'],
  },
  socat: {},
  curl: {},
  wget: { files: ['/etc/wgetrc'] },
  rsync: { units: { 'rsync.service': { type: 'simple', enabled: 'disabled' } }, files: ['/etc/default/rsync'] },
  unzip: {},
  jq: {},
  vim: { directories: ['/etc/vim', '/var/lib/vim', '/var/lib/vim/addons'], touches: ['path:/etc/vim/**'] },
  htop: { touches: ['path:/etc/libnl-3', 'path:/etc/libnl-3/classid', 'path:/etc/libnl-3/pktloc'] },
  gnupg: {
    directories: ['/etc/X11', '/etc/logcheck'],
    files: ['/etc/inputrc'],
    touches: ['path:/etc/X11/**', 'path:/etc/logcheck/**'],
  },
  python3: {
    directories: ['/etc/python3'],
    files: ['/etc/inputrc', '/etc/mime.types'],
    touches: [
      'path:/etc/ethertypes',
      'path:/etc/networks',
      'path:/etc/protocols',
      'path:/etc/python3.11/**',
      'path:/etc/python3.13/**',
      'path:/etc/python3/**',
      'path:/usr/local/lib/**',
      'path:/etc/rpc',
      'path:/etc/services',
    ],
  },
};
