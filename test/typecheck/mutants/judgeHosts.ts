import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { checkAllHosts } from '../../../src/cli/validation/allHosts.js';
import { createCa } from '../../../src/vault/ca.js';
import type { Fault, Mutant } from './mutant.js';

/** A project as a user has it: what is shipped, and the secrets made for it. */
export interface SampleProject {
  readonly folder: string;
  remove(): void;
}

/** Copies what is shipped, and puts secrets where the README says: into the variables of the groups `prod`, `ha` and `vagrant`. */
export async function sampleProject(root: string): Promise<SampleProject> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'provision-mutants-')));
  for (const part of ['playbooks', 'templates', 'inventory']) {
    cpSync(join(root, part), join(folder, part), {
      recursive: true,
      filter: (path) => !/inventory\/(?:group_vars|rig)/.test(path),
    });
  }
  symlinkSync(join(root, 'dist'), join(folder, 'dist'));
  mkdirSync(join(folder, 'inventory/group_vars'));
  const authority = await createCa('mutants', 1);
  const passwords = ['mysql_app_password', 'mysql_replication_password', 'haproxy_stats_password'];
  const secrets = {
    ...Object.fromEntries(passwords.map((name) => [name, 'a-made-up-password'])),
    ca_certificate: authority.certificate,
    ca_key: authority.key,
  };
  writeFileSync(join(folder, 'inventory/group_vars/vagrant.yml'), stringify(secrets));
  for (const group of ['prod', 'ha'])
    writeFileSync(join(folder, `inventory/group_vars/${group}.yml`), stringify({ haproxy_stats_user: 'ops' }));
  // What is shipped shows no certificate of an authority on the network; its tasks are to be made, too.
  const ha = readFileSync(join(root, 'inventory/ha.yml'), 'utf8');
  writeFileSync(
    join(folder, 'inventory/acme.yml'),
    ha.replace(/^( +)domain: .*$/m, '$&\n$1tls_certificate: acme').replace(/^( +)ha:$/m, '$1acme:'),
  );
  for (const [name, value] of Object.entries(secrets)) process.env[name.toUpperCase()] = value;
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true });
      for (const name of Object.keys(secrets)) Reflect.deleteProperty(process.env, name.toUpperCase());
    },
  };
}

/** The faults that a run finds before its first packet, with any of the inventories. */
export async function judgeHosts(project: SampleProject, mutant: Mutant | undefined): Promise<readonly Fault[]> {
  // A module that is loaded once is not read again: each mutant of one has a folder of its own.
  const folder =
    mutant?.file.endsWith('.ts') === true ? mkdtempSync(join(project.folder, '../provision-mutant-')) : project.folder;
  try {
    if (folder !== project.folder) cpSync(project.folder, folder, { recursive: true, verbatimSymlinks: true });
    const original = mutant === undefined ? undefined : join(folder, mutant.file);
    if (mutant !== undefined && original !== undefined) writeFileSync(original, mutant.mutated);
    const { faults } = await checkAllHosts({
      playbooks: [join(folder, 'playbooks/site.ts')],
      inventories: ['prod.yml', 'vagrant.yml', 'ha.yml', 'acme.yml'].map((file) => join(folder, 'inventory', file)),
      extraVars: new Map(),
      vault: [],
      withSecrets: true,
    });
    return faults.map(({ message, where, hint }) => ({
      message: [message, hint].filter((part) => part !== undefined).join('\n'),
      file: where === undefined ? '' : relative(folder, where.file),
      line: where?.line,
    }));
  } finally {
    if (folder !== project.folder) rmSync(folder, { recursive: true });
    else if (mutant !== undefined) writeFileSync(join(folder, mutant.file), restored(mutant));
  }
}

function restored({ mutated, offset, typo, text }: Mutant): string {
  return mutated.slice(0, offset) + text + mutated.slice(offset + typo.length);
}
