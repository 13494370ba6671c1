import { quote } from '../../util/shell.js';

export type ArchiveFormat = 'tar' | 'zip';

/** An archive's format by its name: `tar` stands for the compressed ones too, which tar tells apart itself. */
export function formatOf(name: string): ArchiveFormat | undefined {
  const plain = name.replace(/[?#].*$/, '');
  if (/\.(tar|tar\.(gz|bz2|xz|zst)|tgz|tbz2|txz)$/i.test(plain)) return 'tar';
  return /\.zip$/i.test(plain) ? 'zip' : undefined;
}

export interface ArchiveParts {
  readonly path: string;
  readonly format: ArchiveFormat;
  readonly digest: string;
  readonly url?: string | undefined;
  readonly stripComponents: number;
  readonly owner: string;
  readonly group: string;
}

/** Where the archive itself lies while it is unpacked: beside what it holds, so that there is room for it. */
export function uploadPath(path: string): string {
  return `${path}/.provision-archive.tmp`;
}

/** sh that makes the folder, if need be. */
export function prepareScript({ path, owner, group }: ArchiveParts): string {
  return `if [ ! -d ${quote(path)} ]; then
  mkdir -p -- ${quote(path)}
  chown ${quote(`${owner}:${group}`)} -- ${quote(path)}
  chmod 0755 -- ${quote(path)}
fi`;
}

/** sh that downloads the archive where it must, unpacks it aside, and then puts all of it in place. */
export function unpackScript(parts: ArchiveParts, stamp: { readonly path: string; readonly text: string } | undefined): string {
  const { path, digest, url, owner, group } = parts;
  return [
    `umask 022`,
    `path=${quote(path)} file=${quote(uploadPath(path))} t=`,
    `trap 'rm -rf -- "$file" "$t"' EXIT`,
    `trap 'exit 1' HUP INT TERM`,
    `t=$(mktemp -d -- "$path/.provision-XXXXXX")`,
    ...(url === undefined ? [] : [download(url)]),
    `set -- $(sha256sum <"$file")`,
    `[ "$1" = ${digest} ] || { echo "the archive has the SHA-256 $1, expected ${digest}" >&2; exit 1; }`,
    ...(parts.format === 'zip' ? unzip(parts.stripComponents) : [untar(parts.stripComponents)]),
    `chown -hR ${quote(`${owner}:${group}`)} -- "$t"`,
    // The copy takes over what belongs to each folder, to the topmost one too: that one stays as it is.
    `chown --reference="$path" -- "$t"; chmod --reference="$path" -- "$t"`,
    `cp -a --remove-destination -- "$t/." "$path/"`,
    ...(stamp === undefined ? [] : [`printf %s ${quote(stamp.text)} >${quote(stamp.path)}`]),
  ].join('\n');
}

function untar(strip: number): string {
  return `tar -x --force-local -f "$file" -C "$t" --no-same-owner --no-same-permissions --strip-components=${strip}`;
}

function unzip(strip: number): readonly string[] {
  return [
    `command -v unzip >/dev/null || { echo "unzip is not installed on this host: add package({ name: 'unzip' }) before" >&2; exit 1; }`,
    `unzip -q "$file" -d "$t"`,
    ...(strip === 0
      ? []
      : [
          `mkdir -- "$t.all"`,
          `find "$t" -mindepth ${strip + 1} -maxdepth ${strip + 1} -exec mv -t "$t.all" -- {} +`,
          `rm -rf -- "$t"`,
          `mv -T -- "$t.all" "$t"`,
        ]),
  ];
}

function download(url: string): string {
  return `if command -v curl >/dev/null; then curl -fsSL --retry 2 -o "$file" -- ${quote(url)}
elif command -v wget >/dev/null; then wget -q -O "$file" -- ${quote(url)}
else echo "neither curl nor wget is installed on this host: add package({ name: 'curl' }) before" >&2; exit 1; fi`;
}
