import pc from 'picocolors';

/** Functions that paint text, or return it as it is where colours are off. */
export type Colours = ReturnType<typeof pc.createColors>;

/** One of them. */
export type Paint = (text: string) => string;

/**
 * Colours for an output stream: on for a terminal; `NO_COLOR` (any text but the empty one) turns them off, otherwise
 * `FORCE_COLOR` (anything but `0` and `false`) turns them on.
 */
export function coloursFor(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>> = process.env,
): Colours {
  return pc.createColors(wantsColours(stream, env));
}

function wantsColours(
  stream: { readonly isTTY?: boolean | undefined },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
