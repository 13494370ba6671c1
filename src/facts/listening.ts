import { defineFact, type Read } from '../model/fact.js';

/** A TCP port on which a host waits for connections. */
export interface Listening {
  readonly port: number;
  /** The address that it is bound to; `*` where that is every one. */
  readonly address: string;
  /** True where only the host itself can connect to it. */
  readonly loopback: boolean;
  /** The program's name; empty where it is not told. */
  readonly program: string;
}

const listeningFact = defineFact<null, readonly Listening[]>({
  name: 'listening',
  live: true,
  key: () => '',
  command: () => 'ss -Hltnp',
  parse: ({ stdout }) => stdout.split('\n').flatMap(parseLine),
});

/** The TCP ports on which the host waits for connections, each once. */
export const listening: Read<readonly Listening[]> = listeningFact(null);

// LISTEN 0 128 [::ffff:127.0.0.1]%lo:8080 *:* users:(("node",pid=1,fd=2))
const LINE = /^LISTEN\s+\d+\s+\d+\s+(\S+):(\d+)\s+\S+(?:\s+users:\(\("([^"]*)")?/;

function parseLine(line: string): readonly Listening[] {
  const match = LINE.exec(line);
  if (match === null) return [];
  const [, bound = '', port, program = ''] = match;
  const address = bound.replace(/%.*$/, '').replace(/^\[(?:::ffff:)?(.*)\]$/, '$1');
  const everywhere = address === '*' || address === '0.0.0.0' || address === '::';
  return [
    {
      ...{ port: Number(port), address: everywhere ? '*' : address, program },
      loopback: address === '::1' || address.startsWith('127.') || bound.includes('%lo'),
    },
  ];
}
