import { connect } from 'node:net';
import ssh2, { type ParsedKey } from 'ssh2';
import { keyType } from './fingerprint.js';
import { WireReader } from './wire.js';

/** What an ssh-agent holds. */
export interface AgentContent {
  readonly keys: readonly ParsedKey[];
  /** Security keys, certificates: what ssh2 cannot log in with. `comment (type)` each. */
  readonly unusable: readonly string[];
}

const REQUEST_IDENTITIES = 11;
const IDENTITIES_ANSWER = 12;
/** An agent answers at once or never. */
const TIMEOUT_MS = 5000;

/** Lists the keys of an ssh-agent. Rejects when it does not answer. */
export async function listAgent(socketPath: string): Promise<AgentContent> {
  const reader = new WireReader(await askAgent(socketPath, Buffer.from([0, 0, 0, 1, REQUEST_IDENTITIES])));
  if (reader.byte() !== IDENTITIES_ANSWER) throw new Error('the agent refused to list its keys');
  const keys: ParsedKey[] = [];
  const unusable: string[] = [];
  for (let left = reader.uint32(); left > 0; left--) {
    const blob = Buffer.from(reader.string());
    const comment = reader.text();
    const key = ssh2.utils.parseKey(blob);
    if (key instanceof Error) unusable.push(`${comment} (${keyType(blob)})`);
    else keys.push(Object.assign(key, { comment }));
  }
  return { keys, unusable };
}

/** Sends one message to an agent and gives the answer without its length. */
function askAgent(socketPath: string, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let data: Buffer = Buffer.alloc(0);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer from the agent')));
    socket.on('data', (chunk: Buffer) => {
      data = Buffer.concat([data, chunk]);
      if (data.length < 4 || data.length < 4 + data.readUInt32BE()) return;
      resolve(data.subarray(4, 4 + data.readUInt32BE()));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      reject(new Error('the agent ended the connection'));
    });
    socket.write(message);
  });
}
