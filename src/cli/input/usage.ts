import type { Options } from 'yargs';
import { InputError } from '../../model/errors.js';
import { didYouMean } from '../../util/names.js';
import { DB_OPERATIONS } from './dbOptions.js';
import { OPTIONS_OF } from './options.js';

type CommandName = keyof typeof OPTIONS_OF;

/** Every command's name. */
export const COMMANDS: readonly string[] = Object.keys(OPTIONS_OF);

/** Turns yargs' message about a command line into an error that names the near flag. */
export function usageError(message: string, argv: readonly string[]): InputError {
  const command = commandOf(argv);
  const hint = `provision ${command === 'run' ? '' : `${command} `}--help lists them`;
  const unknown = /^Unknown arguments?: (.*)$/.exec(message)?.[1]?.split(', ');
  if (unknown !== undefined) return unknownArgument(unknown, command, argv, hint);
  const lacking = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (lacking !== undefined)
    return new InputError(`${dashed(lacking)} needs a value`, { hint: hint.replace('them', 'the options') });
  if (message.startsWith('Not enough non-option arguments')) {
    if (command === 'db') return new InputError('db needs an operation', { hint: `one of ${DB_OPERATIONS.join(', ')}` });
    return new InputError(command === 'facts' ? 'facts needs a host' : `${command} needs a host pattern`, {
      hint: `provision ${command} --help shows how`,
    });
  }
  return new InputError(message, { hint: 'provision --help shows how' });
}

function unknownArgument(names: readonly string[], command: CommandName, argv: readonly string[], hint: string): InputError {
  // yargs tells flags and words apart no more: a flag is what stands in the command line with dashes.
  const flags = names.filter((name) => argv.some((word) => wordIsFlag(word, name)));
  const [flag] = flags;
  if (flag === undefined) {
    const [word = ''] = names;
    return new InputError(
      `"${word}" is one word too many for "provision ${command}"${command === 'exec' || word.length < 2 ? '' : didYouMean(word, COMMANDS)}`,
      {
        hint:
          command === 'exec'
            ? 'the command stands after "--": provision exec web -- uptime'
            : `provision ${command} --help shows how`,
      },
    );
  }
  const known = flagsOf(OPTIONS_OF[command]);
  const owner = (Object.keys(OPTIONS_OF) as CommandName[]).find((other) => flagsOf(OPTIONS_OF[other]).includes(flag));
  const near = nearFlag(flag, known);
  const others = flags.slice(1).map((other) => `; ${dashed(other)}${nearFlag(other, known)}`);
  const elsewhere = owner === undefined ? near : ` of "provision ${command}"; "provision ${owner}" has it`;
  return new InputError(`unknown option ${dashed(flag)}${elsewhere}${others.join('')}`, { hint });
}

/** Every single letter is near to every other. */
function nearFlag(name: string, known: readonly string[]): string {
  return name.length === 1 ? '' : didYouMean(dashed(name), known.map(dashed));
}

function wordIsFlag(word: string, name: string): boolean {
  if (name.length === 1) return /^-[^-]/.test(word) && word.includes(name);
  return word === `--${name}` || word.startsWith(`--${name}=`);
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

/** The command of a command line; a playbook's run where it names none. */
function commandOf(argv: readonly string[]): CommandName {
  const words = argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined);
  // "db" is a usual name for a group of hosts too.
  const isNamed = (name: CommandName): boolean => (name === 'db' ? words[0] === name : words.includes(name));
  return (Object.keys(OPTIONS_OF) as CommandName[]).find(isNamed) ?? 'run';
}

function flagsOf(options: Readonly<Record<string, Options>>): readonly string[] {
  const own = Object.entries(options).flatMap(([name, { alias }]) => [name, ...(alias === undefined ? [] : [alias].flat())]);
  return [...own, 'help', 'version'];
}

/**
 * Refuses `--check=maybe`: yargs takes whatever is not "true" for false, and a dry run would become a real one.
 */
export function refuseOddSwitches(argv: readonly string[]): void {
  const options: Readonly<Record<string, Options>> = OPTIONS_OF[commandOf(argv)];
  const switches = flagsOf(Object.fromEntries(Object.entries(options).filter(([, { type }]) => type === 'boolean')));
  for (const word of argv.slice(0, argv.includes('--') ? argv.indexOf('--') : undefined)) {
    const [, name = '', value = ''] = /^--?([^=]+)=(.*)$/.exec(word) ?? [];
    if (switches.includes(name) && !['true', 'false'].includes(value)) {
      throw new InputError(`${dashed(name)} is a switch, and takes no value such as "${value}"`, {
        hint: `write ${dashed(name)} alone`,
      });
    }
  }
}
