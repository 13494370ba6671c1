import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import SSHConfig from 'ssh-config';
import type { SshOptions, SshQuestion } from './ssh-options.js';

const SYSTEM_FILE = '/etc/ssh/ssh_config';

/**
 * What ssh_config means for a host, where there is no `ssh` to ask. Include is followed one level deep by name;
 * OpenSSH's own reading (`askSsh`) is the exact one.
 */
export async function readSshConfig(question: SshQuestion): Promise<SshOptions> {
  const home = userInfo().homedir;
  const files =
    question.configFile === undefined
      ? [join(home, '.ssh/config'), SYSTEM_FILE]
      : question.configFile === 'none'
        ? []
        : [question.configFile];
  const options = new Map<string, string[]>(defaults(home));
  for (const file of files.reverse()) {
    const computed = SSHConfig.parse(await textOf(file)).compute(
      { Host: question.host, ...(question.user === undefined ? {} : { User: question.user }) },
      { ignoreCase: true },
    );
    for (const [name, value] of Object.entries(computed))
      options.set(name.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return options;
}

function defaults(home: string): [string, string[]][] {
  const inHome = (name: string): string => join(home, '.ssh', name);
  return [
    ['identityfile', ['id_rsa', 'id_ecdsa', 'id_ed25519'].map(inHome)],
    ['userknownhostsfile', [`${inHome('known_hosts')} ${inHome('known_hosts2')}`]],
    ['globalknownhostsfile', ['/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2']],
  ];
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}
