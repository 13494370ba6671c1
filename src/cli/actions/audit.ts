import { auditDesign } from '../../audit/design.js';
import type { Finding } from '../../audit/finding.js';
import { AUDIT_READS, auditHosts, type HostAudit } from '../../audit/live.js';
import { auditText } from '../../audit/text.js';
import { connectionsOf } from '../../inventory/connection.js';
import { parseExtraVars } from '../../inventory/extraVars.js';
import { loadInventory } from '../../inventory/load.js';
import { requireGroups } from '../../inventory/requireGroups.js';
import { standInsFor, withStandIns } from '../../inventory/standIns.js';
import { validateHosts } from '../../inventory/validate.js';
import { InputError } from '../../model/errors.js';
import { coloursFor } from '../../report/colours.js';
import { EXIT } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { inventoryFile } from '../input/inventoryFile.js';
import { vaultSources } from '../input/load.js';
import { opener } from '../input/opener.js';
import { playbookFiles } from '../input/playbookFile.js';
import { loadPlaybook } from '../playbook/load.js';
import { askAll } from './ask.js';
import { onEachHost } from './hosts.js';
import { hostLines } from './show.js';

/** `provision audit [PLAYBOOK]`: what could fail, by the inventory and by what the hosts say. Gives the exit code: 1 where there is a fault. */
export async function audit(args: Args<'audit'>, named: string | undefined): Promise<number> {
  const [file = ''] = playbookFiles(named === undefined ? [] : [named]);
  const playbook = await loadPlaybook(file);
  if (playbook.services === undefined) {
    throw new InputError(`${file} does not tell what its hosts offer`, {
      where: { file },
      hint: 'give playbook({ … }) a function services: (of) => [ … ]; docs/writing-a-playbook.md has an example',
    });
  }
  const vault = vaultSources(args);
  const extraVars = await parseExtraVars(args['extra-vars'] ?? [], { vault });
  // Nothing secret is asked for, so that it can be seen by who has none of the site's secrets.
  const standIns = await standInsFor(playbook.vars);
  const loaded = await loadInventory(inventoryFile(args.inventory), { extraVars, vault, standIns });
  const inventory = withStandIns(loaded, playbook.vars, standIns);
  requireGroups(inventory, { ...playbook, file });
  const hosts = validateHosts(inventory, playbook.vars);
  const site = { hosts, services: playbook.services(hosts) };
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
