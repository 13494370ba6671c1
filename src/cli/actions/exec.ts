import { selectHosts } from '../../inventory/pattern.js';
import { InputError, ProvisionError, UnreachableError } from '../../model/errors.js';
import type { CommandResult } from '../../model/fact.js';
import type { Session } from '../../model/session.js';
import { indent } from '../../report/fault.js';
import { linesOf, printable } from '../../report/text.js';
import { LOGIN_USER } from '../../transport/shell.js';
import { shellLine } from '../../util/shell.js';
import { EXIT } from '../exitCodes.js';
import type { Args } from '../input/args.js';
import { load } from '../input/load.js';
import { opener } from '../input/opener.js';
import { interruptible } from '../interrupt.js';
import { onEachHost, type HostResult } from './hosts.js';
import { errorFields, hostLines, type HostLines } from './show.js';

const DEFAULT_TIMEOUT_SECONDS = 600;

/**
 * `provision exec PATTERN -- COMMAND`: one word is a shell command as it stands, several are the words of one. Gives the
 * exit code: 1 where the command failed on a host.
 */
export async function exec(args: Args<'exec'>, pattern: string, words: readonly string[]): Promise<number> {
  const [first] = words;
  if (first === undefined) {
    throw new InputError('exec needs a command', { hint: 'it stands after "--": provision exec web -- uptime' });
  }
  const script = words.length === 1 ? first : shellLine(...words);
  const { inventory, connections } = await load(args);
  const hosts = selectHosts(inventory, pattern);
  // A look at a host must be possible while a run is at work on it, as it is by ssh.
  const sessions = opener({ args, connections, hold: (work) => work(), exclusive: false });
  const running = new Set<Session>();
  const interrupt = interruptible(() => {
    process.stderr.write('stopping: the command is asked to end; Ctrl-C again leaves at once\n');
    for (const session of running) void session.cancel();
  });

  const work = async (session: Session): Promise<CommandResult> => {
    if (interrupt.signal.aborted) throw new UnreachableError('not run: interrupted');
    running.add(session);
    const item = { script, timeoutSeconds: args['command-timeout'] ?? DEFAULT_TIMEOUT_SECONDS };
    const { results } = await session.run([item]).finally(() => running.delete(session));
    return results[0] ?? { code: 255, stdout: '', stderr: 'no result' };
  };

  const failed = new Set<string>();
  const lines = hostLines(hosts, args.verbose);
  const each = (result: HostResult<CommandResult>): void => {
    if ('value' in result && result.value.code !== 0) failed.add(result.host);
    if (args.output === 'json') process.stdout.write(`${JSON.stringify(fields(result))}\n`);
    else if (hosts.length === 1) raw(result);
    else process.stdout.write(block(result, lines));
  };
  try {
    const user = args['no-become'] ? LOGIN_USER : 'root';
    const code = await onEachHost(args, { hosts, sessions, user, work, each });
    if (interrupt.signal.aborted) return EXIT.interrupted;
    return failed.size > 0 ? EXIT.failed : code;
  } finally {
    interrupt.release();
  }
}

/** One host: what the command wrote, byte for byte, so that it can be piped on. */
function raw(result: HostResult<CommandResult>): void {
  if ('error' in result) throw result.error instanceof ProvisionError ? result.error : new Error(String(result.error));
  const { code, stdout, stderr } = result.value;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (code !== 0) process.stderr.write(`${result.host}: the command ended with code ${code}\n`);
}

function block(result: HostResult<CommandResult>, lines: HostLines): string {
  if ('error' in result) return lines.error(result.host, result.error);
  const { code, stdout, stderr } = result.value;
  const output = indent([...linesOf(printable(stdout)), ...linesOf(printable(stderr)).map((line) => lines.colours.dim(line))], 4);
  return lines.line(result.host, code === 0 ? 'ok' : 'failed', `code ${code}`) + output.map((line) => `${line}\n`).join('');
}

function fields(result: HostResult<CommandResult>): object {
  const { host, seconds } = result;
  return 'error' in result ? { host, seconds, ...errorFields(result.error) } : { host, seconds, ...result.value };
}
