import { userInfo } from 'node:os';
import { join } from 'node:path';
import SSHConfig from 'ssh-config';
import { configText } from './ssh-config-include.js';
import type { SshOptions, SshQuestion } from './ssh-options.js';

/** What may be given several times and adds up. All else is one value, whose words are parted by spaces. */
const LISTS = new Set(['identityfile', 'certificatefile']);

/**
 * What ssh_config means for a host, where there is no `ssh` to ask: the same names and values as `askSsh` gives, as far as
 * they matter here. `askSsh` is the exact one.
 */
export function readSshConfig(question: SshQuestion): SshOptions {
  const home = userInfo().homedir;
  const config = SSHConfig.parse(configText(question.configFile));
  const query = { Host: question.host, ...(question.user === undefined ? {} : { User: question.user }) };
  const options = new Map(defaults(home));
  for (const [name, value] of Object.entries(config.compute(query, { ignoreCase: true }))) {
    const values = typeof value === 'string' ? [value] : value;
    options.set(name, LISTS.has(name) ? values : [values.join(' ')]);
  }
  const hostName = options.get('hostname')?.[0];
  if (hostName !== undefined) options.set('hostname', [hostName.replaceAll('%h', question.host).replaceAll('%%', '%')]);
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
