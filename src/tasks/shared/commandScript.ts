import { joinText, mapText, type Text } from '../../util/secret.js';
import { quote, quoteText } from '../../util/shell.js';

/** A command of the user's with what surrounds it. */
export interface CommandParts {
  readonly script: Text;
  readonly cwd?: string | undefined;
  readonly env: Readonly<Record<string, Text>>;
  readonly stdin?: Text | undefined;
}

/** The sh script of a command. Its standard input comes from `printf`, which is part of the shell: no argv shows it. */
export function commandScript({ script, cwd, env, stdin }: CommandParts): Text {
  const lines: Text[] = [`cd -- ${quote(cwd ?? '/')}`];
  for (const [name, value] of Object.entries(env)) lines.push(mapText(quoteText(value), (word) => `export ${name}=${word}`));
  lines.push(
    stdin === undefined ? script : joinText([mapText(quoteText(stdin), (word) => `printf '%s' ${word} | {`), script, '}'], '\n'),
  );
  return joinText(lines, '\n');
}
