import { stringify } from 'yaml';
import { HOST_FACTS } from '../../facts/host.js';
import { selectHosts } from '../../inventory/pattern.js';
import type { Args } from '../input/args.js';
import { load } from '../input/load.js';
import { opener } from '../input/opener.js';
import { askAll } from './ask.js';
import { onEachHost } from './hosts.js';
import { errorFields, hostLines } from './show.js';

/** `provision facts PATTERN`: what the hosts are, as YAML with a document a host, or a line of JSON each. */
export async function facts(args: Args<'facts'>, pattern: string): Promise<number> {
  const { inventory, connections } = await load(args);
  const hosts = selectHosts(inventory, pattern);
  const sessions = opener({ args, connections, hold: (work) => work() });
  const lines = hostLines(hosts, args.verbose);
  return onEachHost(args, {
    hosts,
    sessions,
    user: 'root',
    work: (session) => askAll(session, HOST_FACTS),
    each: (result) => {
      const { host } = result;
      if (args.output === 'json') {
        const what = 'error' in result ? errorFields(result.error) : result.value;
        process.stdout.write(`${JSON.stringify({ host, ...what })}\n`);
      } else if ('error' in result) process.stderr.write(lines.error(host, result.error));
      else process.stdout.write(`---\n${stringify({ host, ...result.value }, { lineWidth: 0 })}`);
    },
  });
}
