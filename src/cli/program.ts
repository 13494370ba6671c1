import yargs, { type Argv } from 'yargs';
import { applyCommand } from './commands/apply.js';
import { completionCommand, OWN_NAME } from './commands/completion.js';
import { dbCommand } from './commands/db.js';
import { driftCommand } from './commands/drift.js';
import { execCommand } from './commands/exec.js';
import { factsCommand } from './commands/facts.js';
import { graphCommand } from './commands/graph.js';
import { pingCommand } from './commands/ping.js';
import { planCommand } from './commands/plan.js';
import { rehearseCommand } from './commands/rehearse.js';
import { runCommand } from './commands/run.js';
import { schemaCommand } from './commands/schema.js';
import { secretsCommand } from './commands/secrets.js';
import { showCommand } from './commands/show.js';
import { auditCommand } from './commands/audit.js';
import { statusCommand } from './commands/status.js';
import { validateCommand } from './commands/validate.js';
import { EXIT_CODES_HELP } from './exitCodes.js';
import { HELP_COLUMNS } from './helpColumns.js';
import { refuseOddSwitches, usageError } from './input/usage.js';
import { packageVersion } from './version.js';

const USAGE = `Usage: provision [COMMAND] [OPTIONS] [PLAYBOOK..]

Examples:
  provision --inventory prod.yml                  # playbooks/site.ts on the servers of inventory/prod.yml
  provision -i prod.yml --check --diff            # dry run: what would change, as diffs; changes nothing
  provision -i prod.yml --limit 'web:!web-02'     # only some hosts
  provision -i prod.yml --tags haproxy            # only some tasks
  provision -i prod.yml -e domain=example.org     # with another value of a variable
  provision validate                              # types, templates, inventories; no host is contacted
  provision ping -i prod.yml                      # can the hosts be reached?
  provision exec web -i prod.yml -- uptime        # a command on hosts`;

/** What yargs adds to each option and nobody needs: its type, and that a switch is off unless given. */
const NOISE = /(?:\n +| *)\[(?:string|boolean|count)\](?: \[default: false\])?$/gm;

/** Parses a command line and does what it says. Sets the process's exit code. Rejects with what is to be explained. */
export async function program(argv: readonly string[]): Promise<void> {
  refuseOddSwitches(argv);
  const cli = [
    runCommand,
    planCommand,
    rehearseCommand,
    showCommand,
    applyCommand,
    driftCommand,
    statusCommand,
    auditCommand,
    pingCommand,
    factsCommand,
    execCommand,
    dbCommand,
    graphCommand,
    secretsCommand,
    schemaCommand,
    validateCommand,
    completionCommand,
  ].reduce((made, add) => add(made), base(argv));
  await cli.parseAsync([...argv], {}, (_error: unknown, _args: unknown, output: string) => {
    if (output !== '') process.stdout.write(`${tidy(output)}\n`);
  });
}

/** Takes the noise out of a help text, and indents its examples, which yargs does not. */
function tidy(help: string): string {
  return help
    .replace(NOISE, '')
    .replace(/^provision /gm, '  provision ')
    .replaceAll(OWN_NAME, 'completion');
}

function base(argv: readonly string[]): Argv {
  return yargs()
    .scriptName('provision')
    .locale('en')
    .usage(USAGE)
    .epilogue(EXIT_CODES_HELP)
    .version(packageVersion())
    .alias('help', 'h')
    .wrap(Math.min(HELP_COLUMNS, process.stdout.columns || HELP_COLUMNS))
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': true,
    })
    .strict()
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message: string | null, error: Error | undefined) => {
      // Coercions and commands throw errors of their own; yargs' are about the command line.
      throw error !== undefined && error.name !== 'YError' ? error : usageError(message ?? error?.message ?? '', argv);
    });
}
