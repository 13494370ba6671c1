import type { ParsedKey } from 'ssh2';
import { OneKeyAgent, signWithAgent, type Sign } from './agent.js';
import { listAgent, type AgentContent } from './agent-list.js';
import type { Candidate } from './candidate.js';
import type { Clock } from './clock.js';
import { fingerprint } from './fingerprint.js';
import type { KeyFile } from './key-file.js';
import { findKeyFiles } from './key-files.js';
import { unlock } from './passphrase.js';
import type { Settings } from './settings.js';
import type { ConnectTarget } from './target.js';

/**
 * The keys to log in with, in order: the target's own; those of ssh_config that the agent has; the agent's others; those of
 * ssh_config in files. What cannot be used is added to `notes`. InputError where the target's own key is missing or is none.
 */
export async function keyCandidates(
  target: ConnectTarget,
  settings: Settings,
  clock: Clock,
  notes: string[],
): Promise<Candidate[]> {
  const { explicit, others } = await findKeyFiles(settings, notes);
  const inAgent = await askAgent(settings.agent, notes);
  const find = (file: KeyFile): ParsedKey | undefined => inAgent.find((key) => sameKey(key, file.publicKey));
  const fromAgent = (key: ParsedKey): Candidate =>
    keyCandidate(settings.user, `agent key ${key.comment} (${describe(key)})`, key, (data, options) =>
      clock.paused(() => signWithAgent(settings.agent ?? '', key)(data, options)),
    );
  const fromFile = (file: KeyFile): Candidate[] => {
    if (!file.isPrivate) return [];
    if (file.encrypted && target.askPassphrase === undefined) {
      notes.push(`${file.path} is encrypted and there is nobody to ask for its passphrase`);
      return [];
    }
    return [fileCandidate(settings.user, file, () => clock.paused(() => unlock(file, target.askPassphrase)))];
  };
  const own = explicit === undefined ? undefined : find(explicit);
  const named = others.map(find).filter((key) => key !== undefined && key !== own) as ParsedKey[];
  const rest = settings.identitiesOnly ? [] : inAgent.filter((key) => key !== own && !named.includes(key));
  return [
    ...(own === undefined ? [] : [fromAgent(own)]),
    ...(own === undefined && explicit !== undefined ? fromFile(explicit) : []),
    ...[...named, ...rest].map(fromAgent),
    ...others.filter((file) => find(file) === undefined).flatMap(fromFile),
  ];
}

async function askAgent(socket: string | undefined, notes: string[]): Promise<AgentContent['keys']> {
  if (socket === undefined) return [];
  try {
    const { keys, unusable } = await listAgent(socket);
    for (const key of unusable) notes.push(`the agent's ${key} is not of a type that can be used here`);
    return keys;
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
    const candidate = keyCandidate(user, `key ${file.path} (${describe(file.publicKey)})`, file.publicKey, sign);
    return file.encrypted || file.publicKey.type === 'ssh-rsa' ? candidate : { ...candidate, atOnce: open };
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

function sameKey(a: ParsedKey, b: ParsedKey | undefined): boolean {
  return b !== undefined && a.getPublicSSH().equals(b.getPublicSSH());
}

function describe(key: ParsedKey): string {
  return `${key.type} ${fingerprint(key.getPublicSSH())}`;
}
