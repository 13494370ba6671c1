import { z } from 'zod';
import { lookAt } from '../../database/member.js';
import { planRejoin, type Rejoin } from '../../database/rejoin.js';
import { run } from '../../engine/run.js';
import { InputError } from '../../model/errors.js';
import { playbook, type AnyPlaybook } from '../../model/playbook.js';
import { mysqlReplica } from '../../tasks/mysqlReplica.js';
import { service } from '../../tasks/service.js';
import { EXIT, runExitCode } from '../exitCodes.js';
import { askStep, canAsk } from '../input/ask.js';
import type { DbContext } from './db.js';
import { withLive } from './live.js';

/** `provision db rejoin HOST`: has a server follow the primary again. Gives the exit code. */
export async function rejoin({ args, loaded, prepared, servers }: DbContext): Promise<number> {
  const { host } = args;
  if (host === undefined) {
    throw new InputError('db rejoin needs the host that is to follow the primary', {
      hint: `one of ${servers.map((one) => one.host).join(', ')}`,
    });
  }
  if (!args.yes && !args.check && !canAsk()) {
    throw new InputError('db rejoin asks before it changes anything, and needs a terminal for it', {
      hint: 'look at what --check tells, then say --yes',
    });
  }
  return withLive({ ...args, diff: false }, loaded, async ({ options, reporter, interrupt }) => {
    const plan = planRejoin(host, await lookAt(servers, options.openSession), args.reclone);
    const joining = {
      ...prepared,
      ...options,
      playbook: rejoinPlaybook(plan),
      selected: [host],
      journal: undefined,
      tags: [],
      skipTags: [],
      startAtTask: undefined,
    };
    if (args.check || !args.yes) {
      const dry = await run({ ...joining, dryRun: true });
      const code = runExitCode(dry, args['detailed-exitcode']);
      if (args.check || code === EXIT.failed) return code;
      const answer = await reporter.hold(() => askStep(host, `follow ${plan.primary.host}`, []));
      if (answer === 'interrupted') interrupt();
      if (answer !== 'yes' && answer !== 'continue') return EXIT.done;
    }
    return runExitCode(await run({ ...joining, dryRun: false }), args['detailed-exitcode']);
  });
}

function rejoinPlaybook({ primary, reclone }: Rejoin): AnyPlaybook {
  return playbook({
    vars: z.looseObject({}),
    groups: [],
    plays: [
      {
        name: `Follow ${primary.host}`,
        hosts: 'all',
        tasks: () => [
          service({ name: primary.node.server.flavour, state: 'running' }),
          mysqlReplica({
            source: primary.host,
            sourceAddress: primary.address,
            port: primary.port,
            user: primary.replicationUser,
            password: primary.replicationPassword,
            caFile: primary.caFile,
            overwrite: reclone,
          }),
        ],
      },
    ],
  });
}
