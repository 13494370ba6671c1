import { auditDesign } from '../../audit/design.js';
import type { Finding } from '../../audit/finding.js';
import { AUDIT_READS, auditHosts, type HostAudit } from '../../audit/live.js';
import { auditText } from '../../audit/text.js';
import { connectionsOf } from '../../inventory/connection.js';
import { coloursFor } from '../../report/colours.js';
import { EXIT } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { describedSite } from '../input/describedSite.js';
import { opener } from '../input/opener.js';
import { askAll } from './ask.js';
import { onEachHost } from './hosts.js';
import { hostLines } from './show.js';

/** `provision audit [PLAYBOOK]`: what could fail, by the inventory and by what the hosts say. Gives the exit code: 1 where there is a fault. */
export async function audit(args: Args<'audit'>, named: string | undefined): Promise<number> {
  const { loaded, ...site } = await describedSite(args, named);
  const connections = connectionsOf(loaded.hosts, { user: args.user, privateKeyFile: args['private-key'] });
  const answers = args.offline ? new Map<string, undefined>() : await answersOf(args, connections);
  const findings = [...auditDesign(site), ...auditHosts(site, answers)];
  process.stdout.write(
    args.output === 'json' ? `${JSON.stringify({ findings })}\n` : auditText(findings, coloursFor(process.stdout)),
  );
  return exitCode(findings);
}

function exitCode(findings: readonly Finding[]): number {
  return findings.some(({ weight }) => weight === 'fault') ? EXIT.failed : EXIT.done;
}

async function answersOf(
  args: Args<'audit'>,
  connections: ReturnType<typeof connectionsOf>,
): Promise<ReadonlyMap<string, HostAudit | undefined>> {
  const hosts = [...connections.keys()];
  // It looks on beside a run.
  const sessions = opener({ args, connections, exclusive: false, hold: (work) => work() });
  const lines = hostLines(hosts, args.verbose);
  const answers = new Map<string, HostAudit | undefined>();
  await onEachHost<HostAudit>(args, {
    hosts,
    sessions,
    user: 'root',
    work: (session) => askAll(session, AUDIT_READS),
    each: (result) => {
      if ('error' in result) process.stderr.write(lines.error(result.host, result.error));
      answers.set(result.host, 'error' in result ? undefined : result.value);
    },
  });
  return answers;
}
