import { selectHosts } from '../../inventory/pattern.js';
import { coloursFor } from '../../report/colours.js';
import { STATUS_READS, type HostStatus } from '../../status/read.js';
import { siteStatus, type HostAnswer } from '../../status/site.js';
import { statusText } from '../../status/text.js';
import { EXIT } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { load } from '../input/load.js';
import { opener } from '../input/opener.js';
import { askAll } from './ask.js';
import { onEachHost } from './hosts.js';
import { hostLines } from './show.js';

/** `provision status [PATTERN]`: the site at a glance, from what its hosts say now. Gives the exit code: 1 where something is wrong. */
export async function status(args: Args<'status'>, pattern: string): Promise<number> {
  const { inventory, connections } = await load(args);
  const hosts = selectHosts(inventory, pattern);
  // It looks on beside a run.
  const sessions = opener({ args, connections, exclusive: false, hold: (work) => work() });
  const lines = hostLines(hosts, args.verbose);
  const answers: HostAnswer[] = [];
  const code = await onEachHost<HostStatus>(args, {
    hosts,
    sessions,
    user: 'root',
    work: (session) => askAll(session, STATUS_READS),
    each: (result) => {
      if ('error' in result) process.stderr.write(lines.error(result.host, result.error));
      answers.push({
        host: result.host,
        address: addressOf(inventory.hosts.find(({ name }) => name === result.host)?.vars, connections.get(result.host)?.address),
        status: 'error' in result ? undefined : result.value,
      });
    },
  });
  const now = Date.now();
  const site = siteStatus(answers, now);
  process.stdout.write(args.output === 'json' ? `${JSON.stringify(site)}\n` : statusText(site, coloursFor(process.stdout), now));
  return code === EXIT.done && site.problems.length > 0 ? EXIT.failed : code;
}

/** Where the site's other hosts reach a host. */
function addressOf(vars: Readonly<Record<string, unknown>> | undefined, connected: string | undefined): string {
  const internal = vars?.['internal_address'];
  return typeof internal === 'string' ? internal : (connected ?? '');
}
