/** The first line of a vaulted text, read: `$ANSIBLE_VAULT;1.2;AES256;prod`. */
export interface VaultHeader {
  readonly version: string;
  readonly cipher: string;
  /** The vault id that it was encrypted with; format 1.1 has none. */
  readonly label: string | undefined;
}

const MAGIC = '$ANSIBLE_VAULT;';

/** Whether a file's text is an Ansible Vault. */
export function isVaulted(text: string): boolean {
  return text.trimStart().startsWith(MAGIC);
}

/** Reads the header of a vaulted text. Undefined where there is none. */
export function readHeader(text: string): VaultHeader | undefined {
  if (!isVaulted(text)) return undefined;
  const [, version = '', cipher = '', label] = (text.trimStart().split(/\r?\n/, 1)[0] ?? '').trim().split(';');
  return { version, cipher, label: label === undefined || label === '' ? undefined : label };
}

/** What is wrong with a vaulted text before any password is tried, in words, or undefined. */
export function envelopeFault(text: string): string | undefined {
  const header = readHeader(text);
  if (header === undefined) return `it does not begin with ${MAGIC}`;
  if (header.version !== '1.1' && header.version !== '1.2')
    return `its format is ${header.version || 'missing'}, and 1.1 and 1.2 are read`;
  if (header.cipher !== 'AES256') return `its cipher is ${header.cipher || 'missing'}, and AES256 is read`;
  const body = tidy(text).slice(tidy(text).indexOf('\n') + 1);
  return /^[0-9a-f\n]+$/i.test(body) && tidy(text).includes('\n') ? undefined : 'its body is not made of hexadecimal digits';
}

/** The text without the indentation and the line ends that an editor or YAML may have added. */
export function tidy(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
