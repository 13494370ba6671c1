import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import { InputError } from '../../model/errors.js';
import { reveal, type Secret } from '../../util/secret.js';
import { agentKeys, OneKeyAgent, signWithAgent, type Sign } from './agent.js';
import type { Clock } from './clock.js';
import { messageOf } from './failure.js';
import { fingerprint } from './fingerprint.js';
import { readKeyFile, type KeyFile } from './key-file.js';
import { unlock } from './passphrase.js';
import type { Settings } from './settings.js';
import type { ConnectTarget } from './target.js';

/** One thing to log in with. */
export interface Candidate {
  readonly method: 'publickey' | 'password' | 'keyboard-interactive';
  /** In words, for the list of what was tried. */
  readonly label: string;
  /** Whether a person may be asked before the server has seen anything of it. */
  readonly asks: boolean;
  /** What to hand to ssh2, or undefined where it is not to be had. */
  prepare(): Promise<AnyAuthMethod | undefined>;
  /** Whether the server took it as far as a signature. */
  signed(): boolean;
}

/** What to log in with, in order, and what could not be used and why. */
export interface Candidates {
  readonly list: readonly Candidate[];
  readonly notes: readonly string[];
}

/**
 * Gathers what a login can be tried with: the target's own key, the agent's keys (those that ssh_config names first),
 * key files, password, keyboard-interactive. InputError where the target's own key is missing or is no key.
 */
export async function gatherCandidates(target: ConnectTarget, settings: Settings, clock: Clock): Promise<Candidates> {
  const notes: string[] = [];
  const keys = settings.publicKeyAllowed ? await keyCandidates(target, settings, clock, notes) : [];
  return { list: [...keys, ...passwordCandidates(target, settings, clock)], notes };
}

async function keyCandidates(target: ConnectTarget, settings: Settings, clock: Clock, notes: string[]): Promise<Candidate[]> {
  const { user, agent } = settings;
  const explicit = await explicitKey(settings);
  const files = explicit === undefined ? [] : [explicit];
  for (const path of settings.keyFiles) {
    if (files.some((file) => file.path === path)) continue;
    try {
      const file = await readKeyFile(path);
      if (file !== undefined) files.push(file);
    } catch (error) {
      notes.push(messageOf(error));
    }
  }
  const inAgent = await listAgent(agent, notes);
  const find = (file: KeyFile): ParsedKey | undefined => inAgent.find((key) => sameKey(key, file.publicKey));
  const fromAgent = (key: ParsedKey): Candidate =>
    keyCandidate(user, `agent key ${key.comment} (${describe(key)})`, key, (data, options) =>
      clock.paused(() => signWithAgent(agent ?? '', key)(data, options)),
    );
  const fromFile = (file: KeyFile): Candidate[] => {
    if (!file.isPrivate) return [];
    if (file.encrypted && target.askPassphrase === undefined) {
      notes.push(`${file.path} is encrypted and there is nobody to ask for its passphrase`);
      return [];
    }
    return [fileCandidate(user, file, () => clock.paused(() => unlock(file, target.askPassphrase)))];
  };
  const own = (file: KeyFile): Candidate[] => {
    const key = find(file);
    return key === undefined ? fromFile(file) : [fromAgent(key)];
  };
  const named = files.map(find).filter((key) => key !== undefined);
  const others = settings.identitiesOnly ? [] : inAgent.filter((key) => !named.includes(key));
  const rest = files.filter((file) => file !== explicit);
  return [
    ...(explicit === undefined ? [] : own(explicit)),
    ...rest.map(find).flatMap((key) => (key === undefined ? [] : [fromAgent(key)])),
    ...others.map(fromAgent),
    ...rest.filter((file) => find(file) === undefined).flatMap(fromFile),
  ];
}

async function explicitKey(settings: Settings): Promise<KeyFile | undefined> {
  if (settings.explicitKeyFile === undefined) return undefined;
  const file = await readKeyFile(settings.explicitKeyFile);
  if (file === undefined) {
    throw new InputError(`${settings.name}: the key file ${settings.explicitKeyFile} does not exist`, {
      hint: 'correct ansible_ssh_private_key_file or --private-key',
    });
  }
  return file;
}

async function listAgent(socket: string | undefined, notes: string[]): Promise<readonly ParsedKey[]> {
  if (socket === undefined) return [];
  try {
    return await agentKeys(socket);
  } catch {
    notes.push(`the ssh-agent at ${socket} does not answer`);
    return [];
  }
}

function keyCandidate(user: string, label: string, key: ParsedKey, sign: Sign): Candidate {
  const agent = new OneKeyAgent(key, sign);
  return {
    method: 'publickey',
    label,
    asks: false,
    prepare: () => Promise.resolve({ type: 'agent', username: user, agent }),
    signed: () => agent.signed,
  };
}

/** The private key is only unlocked when the server wants its signature; without a public part, at once. */
function fileCandidate(user: string, file: KeyFile, open: () => Promise<ParsedKey | undefined>): Candidate {
  const sign: Sign = async (data, options) => {
    const key = await open();
    if (key === undefined) throw new Error(`no passphrase for ${file.path}`);
    const signature: Buffer | Error = key.sign(data, options.hash);
    return signature;
  };
  if (file.publicKey !== undefined) {
    return keyCandidate(user, `key ${file.path} (${describe(file.publicKey)})`, file.publicKey, sign);
  }
  let agent: OneKeyAgent | undefined;
  return {
    method: 'publickey',
    label: `key ${file.path}`,
    asks: true,
    async prepare() {
      const key = await open();
      if (key === undefined) return undefined;
      agent = new OneKeyAgent(key, sign);
      return { type: 'agent', username: user, agent };
    },
    signed: () => agent?.signed === true,
  };
}

function passwordCandidates(target: ConnectTarget, settings: Settings, clock: Clock): Candidate[] {
  const { password, askPassword } = target;
  if (password === undefined && askPassword === undefined) return [];
  let asked: Promise<Secret | undefined> | undefined;
  const secret = (): Promise<Secret | undefined> =>
    (asked ??=
      password !== undefined || askPassword === undefined
        ? Promise.resolve(password)
        : clock.paused(() => askPassword(`${settings.user}@${settings.host}`)));
  const common = { asks: password === undefined, signed: () => false };
  const username = settings.user;
  return [
    ...(settings.passwordAllowed ? [passwordCandidate(username, secret, common)] : []),
    ...(settings.keyboardInteractiveAllowed ? [keyboardCandidate(username, secret, common)] : []),
  ];
}

type Common = Pick<Candidate, 'asks' | 'signed'>;

function passwordCandidate(username: string, secret: () => Promise<Secret | undefined>, common: Common): Candidate {
  return {
    ...common,
    method: 'password',
    label: 'password',
    async prepare() {
      const value = await secret();
      return value === undefined ? undefined : { type: 'password', username, password: reveal(value) };
    },
  };
}

/** Answers each hidden prompt with the password: what PAM asks for a password with. */
function keyboardCandidate(username: string, secret: () => Promise<Secret | undefined>, common: Common): Candidate {
  return {
    ...common,
    method: 'keyboard-interactive',
    label: 'keyboard-interactive',
    async prepare() {
      const value = await secret();
      if (value === undefined) return undefined;
      return {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) => {
          finish(prompts.map((prompt) => (prompt.echo === true ? '' : reveal(value))));
        },
      };
    },
  };
}

function sameKey(a: ParsedKey, b: ParsedKey | undefined): boolean {
  return b !== undefined && a.getPublicSSH().equals(b.getPublicSSH());
}

function describe(key: ParsedKey): string {
  return `${key.type} ${fingerprint(key.getPublicSSH())}`;
}
