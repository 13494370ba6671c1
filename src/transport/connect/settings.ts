import { homedir, userInfo } from 'node:os';
import { InputError } from '../../model/errors.js';
import type { SshOptions, SshQuestion } from './ssh-options.js';
import { askSshShared } from './ssh-options-shared.js';
import type { ConnectTarget } from './target.js';
import { expandPath, type Tokens } from './tokens.js';

/** All that decides how a host is reached: the target's own words first, then ssh_config's, then defaults. */
export interface Settings {
  /** The target's name, for messages. */
  readonly name: string;
  /** What the user calls the host: an alias of ssh_config, or its address. */
  readonly alias: string;
  /** Where it is: ssh_config's HostName. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKeyAlias: string | undefined;
  /** `undefined` asks for both kinds of addresses. */
  readonly family: 4 | 6 | undefined;
  readonly bindAddress: string | undefined;
  /** `[user@]host[:port]` or `ssh://` of each hop, the nearest first. */
  readonly proxyJump: readonly string[];
  /** A command whose standard input and output are the connection; its tokens are not expanded yet. */
  readonly proxyCommand: string | undefined;
  readonly proxyPassesDescriptor: boolean;
  readonly explicitKeyFile: string | undefined;
  readonly keyFiles: readonly string[];
  readonly certificateFiles: readonly string[];
  /** True keeps the agent's other keys out. */
  readonly identitiesOnly: boolean;
  /** The agent's socket. */
  readonly agent: string | undefined;
  readonly publicKeyAllowed: boolean;
  readonly passwordAllowed: boolean;
  readonly keyboardInteractiveAllowed: boolean;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly hashKnownHosts: boolean;
  readonly acceptNewHostKeys: boolean;
  readonly connectTimeoutSeconds: number;
  readonly keepaliveSeconds: number;
  readonly keepaliveCount: number;
}

const CONNECT_TIMEOUT_SECONDS = 10;
const KEEPALIVE_SECONDS = 15;
const KEEPALIVE_COUNT = 3;

/** Nothing that `ssh` would take for an option. */
const ADDRESS = /^[^\s-][^\s]*$/;

/** Settles how a target is reached. InputError for an ssh_config that does not work and for an address that cannot be one. */
export async function resolveSettings(target: ConnectTarget): Promise<Settings> {
  if (!ADDRESS.test(target.address)) {
    throw new InputError(`${target.name}: "${target.address}" is not an address`, {
      hint: 'set ansible_host to a host name, an IP address or an alias of your ssh_config',
    });
  }
  const question = questionOf(target);
  return settle(target, (await askSshShared(question)) ?? (await readWithoutSsh(question)));
}

/**
 * Begins to ask what ssh_config says of a target, so that the answer is there when it is connected to a moment later: `ssh` works
 * beside this process. What fails here fails again then.
 */
export function askAhead(target: SshTarget): void {
  if (ADDRESS.test(target.address)) void askSshShared(questionOf(target)).catch(() => undefined);
}

/** What of a target ssh_config is asked about. */
type SshTarget = Pick<ConnectTarget, 'address' | 'port' | 'user' | 'sshConfigFile'>;

function questionOf({ address, port, user, sshConfigFile }: SshTarget): SshQuestion {
  return { host: address, port, user, configFile: sshConfigFile ?? process.env['PROVISION_SSH_CONFIG'] };
}

/** Loaded only where there is no `ssh`. */
async function readWithoutSsh(question: SshQuestion): Promise<SshOptions> {
  const { readSshConfig } = await import('./ssh-config-file.js');
  return readSshConfig(question);
}

/** Puts a target's own words over what ssh_config says of it. */
export function settle(target: ConnectTarget, options: SshOptions): Settings {
  const first = (name: string): string | undefined => {
    const value = options.get(name)?.[0];
    return value === undefined || value === 'none' ? undefined : value;
  };
  const number = (name: string): number | undefined => (/^\d+$/.test(first(name) ?? '') ? Number(first(name)) : undefined);
  const flag = (name: string, fallback: boolean): boolean => {
    const value = first(name);
    return value === undefined ? fallback : value === 'yes' || value === 'true';
  };
  const host = first('hostname') ?? target.address;
  const port = target.port ?? number('port') ?? 22;
  const user = target.user ?? first('user') ?? userInfo().username;
  const jump = first('proxyjump');
  const tokens: Tokens = { host, alias: target.address, port, user, hostKeyAlias: first('hostkeyalias') ?? target.address };
  const paths = (name: string): string[] =>
    (options.get(name) ?? []).filter((value) => value !== 'none').map((value) => expandPath(value, tokens));
  const fileList = (name: string): string[] =>
    (first(name) ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map((path) => expandPath(path, tokens));
  const checking = first('stricthostkeychecking') ?? 'ask';
  return {
    name: target.name,
    alias: target.address,
    host,
    port,
    user,
    hostKeyAlias: first('hostkeyalias'),
    family: first('addressfamily') === 'inet' ? 4 : first('addressfamily') === 'inet6' ? 6 : undefined,
    bindAddress: first('bindaddress'),
    proxyJump: jump === undefined ? [] : jump.split(',').map((hop) => hop.trim()),
    proxyCommand: first('proxycommand'),
    proxyPassesDescriptor: flag('proxyusefdpass', false),
    explicitKeyFile: target.privateKeyFile?.replace(/^~(?=\/|$)/, homedir()),
    keyFiles: paths('identityfile'),
    certificateFiles: paths('certificatefile'),
    identitiesOnly: flag('identitiesonly', false),
    agent: agentSocket(options.get('identityagent')?.[0], tokens),
    publicKeyAllowed: !['no', 'false'].includes(first('pubkeyauthentication') ?? 'yes'),
    passwordAllowed: flag('passwordauthentication', true),
    keyboardInteractiveAllowed: flag('kbdinteractiveauthentication', true),
    userKnownHostsFiles:
      target.knownHostsFile === undefined
        ? fileList('userknownhostsfile')
        : [target.knownHostsFile.replace(/^~(?=\/|$)/, homedir())],
    globalKnownHostsFiles: target.knownHostsFile === undefined ? fileList('globalknownhostsfile') : [],
    hashKnownHosts: flag('hashknownhosts', false),
    acceptNewHostKeys: target.acceptNewHostKeys || ['accept-new', 'no', 'off', 'false'].includes(checking),
    connectTimeoutSeconds: target.connectTimeoutSeconds ?? (number('connecttimeout') || CONNECT_TIMEOUT_SECONDS),
    keepaliveSeconds: number('serveraliveinterval') || KEEPALIVE_SECONDS,
    keepaliveCount: number('serveralivecountmax') ?? KEEPALIVE_COUNT,
  };
}

/** `IdentityAgent`: a path, `SSH_AUTH_SOCK`, `$VARIABLE`, or `none`. Default: $SSH_AUTH_SOCK. */
function agentSocket(option: string | undefined, tokens: Tokens): string | undefined {
  if (option === 'none') return undefined;
  if (option === undefined || option === 'SSH_AUTH_SOCK') return process.env['SSH_AUTH_SOCK'] || undefined;
  if (option.startsWith('$') && !option.startsWith('${')) return process.env[option.slice(1)] || undefined;
  return expandPath(option, tokens);
}

/** `user@host:port`, as messages name an account on a host. */
export function accountOf(settings: Pick<Settings, 'user' | 'host' | 'port'>): string {
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  return `${settings.user}@${host}:${settings.port}`;
}
