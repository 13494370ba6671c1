import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { forAMoment } from './for-a-moment.js';
import { matchesPatterns } from './host-pattern.js';
import { configText } from './ssh-config-include.js';
import { askSsh, type SshAnswer, type SshOptions, type SshQuestion } from './ssh-options.js';

/** More processes at once than this only wait for each other. */
const asking = pLimit(2 * availableParallelism());

/**
 * As `askSsh`, with one process for all hosts that ssh_config says the same of: those that the same `Host` lines match, whatever their
 * ports. Where it says anything that may depend on the host in another way (HostName, Match, CanonicalizeHostname), each is asked about by itself.
 */
export async function askSshShared(question: SshQuestion): Promise<SshOptions | undefined> {
  const { host } = question;
  const kind = isPlain(host) ? kindOf(await configOf(question.configFile ?? ''), host) : undefined;
  if (kind === undefined) return (await asking(() => askSsh(question)))?.options;
  const { configFile, port, user } = question;
  const shared = await forKind(JSON.stringify({ kind, configFile, user }), { ...question, port: undefined });
  if (shared === undefined || shared.answer === undefined) return undefined;
  if (!shared.tellsAll) return (await asking(() => askSsh(question)))?.options;
  const own: SshOptions = new Map([
    ['host', [host]],
    ['hostname', [host]],
    ...(port === undefined ? [] : [['port', [String(port)]] as const]),
  ]);
  return new Map([...shared.answer.options, ...own]);
}

/** In lower case, so that it is its own HostName. A number that is no whole address may be written as another one. */
function isPlain(host: string): boolean {
  return /^[a-z0-9][a-z0-9._-]*$/.test(host) && (isIP(host) === 4 || !/^[0-9.]+$/.test(host));
}

/** What is read of ssh_config to tell which hosts are alike. */
interface ConfigText {
  readonly lines: readonly string[];
  readonly files: ReadonlySet<string>;
}

const configOf = forAMoment((configFile: string): Promise<ConfigText> => {
  const files = new Set<string>();
  const text = configText(configFile === '' ? undefined : configFile, (file) => files.add(file));
  return Promise.resolve({ lines: text.split('\n'), files });
});

/** Options whose value may be another for each host, and conditions of other kinds. */
const BY_HOST = /^\s*"?(?:hostname|canonicali[sz]ehostname)\b|^\s*"?match\b(?!"?\s+(?:final\s+)?all\s*$)/i;

/** Options that `ssh -G` fills in itself, with a token that is not the same for all hosts and ports. */
const FILLED = /^\s*"?(?:userknownhostsfile|globalknownhostsfile|identityagent|certificatefile)\b.*%[CHhjKknpr]/i;

/** Which `Host` lines match: hosts of one kind have one answer. Undefined where that is not all that it depends on. */
function kindOf({ lines }: ConfigText, host: string): string | undefined {
  if (lines.some((line) => BY_HOST.test(line) || FILLED.test(line))) return undefined;
  return lines
    .flatMap((line) => {
      const patterns = /^\s*"?host"?(?:\s*=\s*|\s+)(.*\S)/i.exec(line)?.[1];
      if (patterns === undefined) return [];
      return matchesPatterns(host, patterns.replaceAll('"', '').split(/\s+/)) ? '1' : '0';
    })
    .join('');
}

interface Shared {
  readonly answer: SshAnswer | undefined;
  /** Nothing that ssh read was left out when the hosts were told apart. */
  readonly tellsAll: boolean;
}

const representatives = new Map<string, SshQuestion>();
const answers = forAMoment(async (key: string): Promise<Shared | undefined> => {
  const question = representatives.get(key);
  if (question === undefined) return undefined;
  const answer = await asking(() => askSsh(question));
  const { files } = await configOf(question.configFile ?? '');
  const own = answer?.options.get('hostname')?.[0] === question.host;
  return { answer, tellsAll: own && answer.files.every((file) => files.has(file)) };
});

function forKind(key: string, question: SshQuestion): Promise<Shared | undefined> {
  if (!representatives.has(key)) representatives.set(key, question);
  return answers(key);
}
