import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { loadPlaybook } from '../playbook/load.js';
import { InputError } from '../../model/errors.js';
import { secretNames } from '../../model/vars.js';
import { createCa } from '../../vault/ca.js';
import { playbookFiles } from '../input/playbookFile.js';

/** Of each random password: 24 characters that need no quoting anywhere. */
const PASSWORD_BYTES = 18;
const CA_DAYS = 3650;

/** The variables of the site's own certificate authority, which belong together. */
const CA_KEY = 'ca_key';
const CA_CERTIFICATE = 'ca_certificate';

/** `provision secrets`: a value for each secret variable of a playbook, on standard output or in a new private file. */
export async function secrets(named: string | undefined, out: string | undefined): Promise<number> {
  const [file = ''] = playbookFiles(named === undefined ? [] : [named]);
  const { vars } = await loadPlaybook(file);
  const names = secretNames(vars);
  const values: Record<string, string> = {};
  for (const name of names) if (name !== CA_KEY) values[name] = randomBytes(PASSWORD_BYTES).toString('base64url');
  if (names.includes(CA_KEY)) {
    const authority = await createCa('provision', CA_DAYS);
    values[CA_CERTIFICATE] = authority.certificate;
    values[CA_KEY] = authority.key;
  }
  const text = `# Secret variables of the playbook. Encrypt this file: ansible-vault encrypt FILE\n${stringify(values)}`;
  if (out === undefined) process.stdout.write(text);
  else writeNew(out, text);
  return 0;
}

/** Never over a file that is there: its passwords may be in use. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const there = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new InputError(there ? `${file} is there already, and its passwords may be in use` : `${file} cannot be written`, {
      hint: there ? 'name another file' : 'is its folder there?',
      cause,
    });
  }
}
