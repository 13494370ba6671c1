import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { createCa } from '../../src/vault/ca.js';
import { secretVars } from '../rig/inventoryFile.js';

/** Days that the machines' own authority is valid: longer than anybody keeps them. */
const CA_DAYS = 3650;

const head = `# Passwords and the certificate authority of the local machines, made at random. Not in git.
`;

/**
 * Writes what inventory/vagrant.yml needs and no repository may hold into a file that only its owner can read. Values
 * that it has already stay: machines may have been built with them.
 */
export async function ensureGroupVars(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const known = z.record(z.string(), z.unknown()).parse(parse(text) ?? {});
  const missing = secretVars.filter((name) => known[name] === undefined);
  const hasCa = known['ca_certificate'] !== undefined && known['ca_key'] !== undefined;
  if (missing.length === 0 && hasCa) return;
  const { key, certificate } = await createCa('provision local machines', CA_DAYS);
  const all = {
    ...known,
    ...Object.fromEntries(missing.map((name) => [name, randomBytes(18).toString('base64url')])),
    ...(hasCa ? {} : { ca_certificate: certificate, ca_key: key }),
  };
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, head + stringify(all), { mode: 0o600 });
  await rename(`${file}.new`, file);
}
