import { configText } from './ssh-config-include.js';
import { askSsh, type SshOptions, type SshQuestion } from './ssh-options.js';

/** Whether a configuration file tells hosts apart. */
const perHost = new Map<string | undefined, Promise<boolean>>();

/** What ssh says of any host: all but its name. */
const answers = new Map<string, Promise<SshOptions | undefined>>();

/**
 * As `askSsh`, which costs a process: where the configuration says the same of all hosts, it is asked of the first one only.
 * The files are taken to stay as they are while this process lives.
 */
export async function askSshOnce(question: SshQuestion): Promise<SshOptions | undefined> {
  const { host, port, user, configFile } = question;
  const differs = perHost.get(configFile) ?? configText(configFile).then(tellsHostsApart);
  perHost.set(configFile, differs);
  // ssh has its own ways with names in capitals.
  if ((await differs) || host !== host.toLowerCase()) return askSsh(question);
  const key = JSON.stringify([configFile, port, user]);
  const answer = answers.get(key) ?? askSsh(question);
  answers.set(key, answer);
  const options = await answer;
  if (options === undefined) return undefined;
  const names = ['host', 'hostname'].filter((name) => options.has(name));
  return new Map([...options, ...names.map((name) => [name, [host]] as const)]);
}

/** What is the same for every host: any other line may mean one host, or name it. */
const SAME = /^(?:#.*|host\s+\*)?$/i;

function tellsHostsApart(text: string): boolean {
  return text
    .split('\n')
    .map((line) => line.trim())
    .some((line) => !SAME.test(line) && (/^(?:host|match|canonical)/i.test(line) || line.includes('%')));
}
