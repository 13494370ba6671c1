import { writePlan } from '../../engine/savedPlan/file.js';
import { recordPlan } from '../../engine/savedPlan/record.js';
import { run } from '../../engine/run.js';
import { EXIT, runExitCode } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { load } from '../input/load.js';
import { playbookFiles } from '../input/playbookFile.js';
import { prepare } from '../input/prepare.js';
import { withLive } from './live.js';
import { inventoryDigest, shortPath, toolName } from './planFile.js';

/** `provision plan`: a dry run whose result is kept in `--out`. A plan with a failed host is not written. Gives the exit code. */
export async function plan(args: Args<'plan'> & { readonly playbook?: string | undefined }): Promise<number> {
  const [file = ''] = playbookFiles(args.playbook === undefined ? [] : [args.playbook]);
  const loaded = await load(args);
  const prepared = await prepare(file, loaded, args);
  return withLive(args, loaded, async ({ options, reporter }) => {
    const out = args.out;
    if (out === undefined) {
      return runExitCode(await run({ ...prepared, ...options, dryRun: true }), args['detailed-exitcode']);
    }
    const recording = await recordPlan({ ...prepared, ...options, dryRun: true });
    const code = runExitCode(recording.outcome, args['detailed-exitcode']);
    if (code !== EXIT.done && code !== EXIT.changes) {
      reporter.report({ type: 'note', text: `no plan was written to ${out}: not every host could be planned` });
      return code;
    }
    writePlan(out, {
      tool: toolName(),
      created: new Date().toISOString(),
      inventory: { file: shortPath(prepared.inventory.file), digest: inventoryDigest(prepared, loaded) },
      playbook: { file: shortPath(file) },
      selection: {
        hosts: prepared.selected,
        tags: prepared.tags,
        skipTags: prepared.skipTags,
        startAtTask: prepared.startAtTask,
      },
      events: recording.events,
      hosts: recording.hosts,
    });
    reporter.report({ type: 'note', text: `the plan is in ${out}; this does exactly that: provision apply ${out}` });
    return code;
  });
}
