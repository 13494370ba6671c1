import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import type { PutStep, ShellStep, ValidatedStep } from '../model/change.js';
import { joinText, mapText, type Text } from '../util/secret.js';
import { RUN_DIRECTORY } from '../transport/scripts.js';
import { quote, quoteText } from '../util/shell.js';

/** sh that does a step. It runs under `set -e`. */
export function stepScript(step: ShellStep | PutStep | ValidatedStep): Text {
  if (step.kind === 'shell') {
    const { script, words } = step;
    return words === undefined ? script : joinText([`set -- ${words.map(quote).join(' ')}\n`, script]);
  }
  return step.kind === 'put' ? putScript(step) : validatedScript(step);
}

/**
 * Writes a file so that it is either the old one or the whole new one, whatever happens: a temporary file beside it,
 * owner and mode, validation, fsync, rename. The temporary name cannot be foreseen, and nothing that has it is written to.
 */
function putScript(step: PutStep): Text {
  // Through cat: it says why it cannot write (a full disk), which dash's own printf does not.
  const content = 'text' in step.content ? joinText(['printf %s ', quoteText(step.content.text), ' | cat']) : 'cat';
  return placeScript(step, [
    `t=$d/.provision.${randomBytes(6).toString('hex')}; trap 'rm -f -- "$t"' EXIT`,
    joinText([`( umask 077; set -C; `, content, ` >"$t" )`]),
  ]);
}

/** Puts a new file in its place, once `fill` has made it and named it `$t`; `$d` is the folder of its place. */
export function placeScript(step: Omit<PutStep, 'kind' | 'content'>, fill: readonly Text[]): Text {
  return joinText(
    [
      `p=${quote(step.path)} d=${quote(posix.dirname(step.path))}`,
      `[ -d "$d" ] || { echo "the directory $d does not exist" >&2; exit 1; }`,
      ...fill,
      ...ownership(step),
      ...(step.validate === undefined
        ? []
        : [
            `{ ${step.validate.replaceAll('%s', '"$t"')}; } >&2 || { echo 'refused by its own program; the live file is unchanged' >&2; exit 1; }`,
          ]),
      `sync -- "$t"; mv -fT -- "$t" "$p"; trap - EXIT`,
    ],
    '\n',
  );
}

/** What the step does not say stays as it is, or is as for any new file. */
function ownership({ owner, group, mode }: Pick<PutStep, 'owner' | 'group' | 'mode'>): readonly string[] {
  const was = '[ -f "$p" ] && [ ! -L "$p" ]';
  return [
    ...(owner === undefined || group === undefined ? [`! { ${was}; } || chown --reference="$p" -- "$t"`] : []),
    ...(owner === undefined && group === undefined
      ? []
      : [`chown ${quote(`${owner ?? ''}${group === undefined ? '' : `:${group}`}`)} -- "$t"`]),
    mode === undefined ? `if ${was}; then chmod --reference="$p" -- "$t"; else chmod 0644 -- "$t"; fi` : `chmod ${mode} -- "$t"`,
  ];
}

/**
 * Tries the set over a throwaway copy of /etc (an overlay in a mount namespace of its own), validates it there, and only
 * then makes it. Where the kernel allows no overlay: keeps the old files, makes the set, validates, and puts them back.
 */
function validatedScript({ steps, paths, validate }: ValidatedStep): Text {
  const make = joinText(
    steps.map((step) => joinText(['( set -e\n', stepScript(step), '\n)'])),
    '\n',
  );
  const attempt = joinText([
    'set -e\n[ "$2" = live ] || mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/up,workdir=$1/work" /etc || exit 42\n',
    make,
    `\n{ ${validate}\n} >&2 || exit 43\n`,
  ]);
  return joinText(
    [
      `S=$(mktemp -d ${RUN_DIRECTORY}/stage.XXXXXX); trap 'rm -rf -- "$S"' EXIT`,
      'mkdir "$S/up" "$S/work" "$S/old"; chmod 755 "$S/up"',
      joinText(['( umask 077; printf %s ', mapText(attempt, quote), ' >"$S/try" )']),
      'c=0; unshare -m --propagation private sh "$S/try" "$S" copy || c=$?',
      'if [ $c = 0 ]; then',
      make,
      'elif [ $c = 42 ]; then',
      ...keepScript(paths),
      // Not `( … ) || …`: sh ignores set -e on the left of ||, so it is a script of its own.
      'c=0; sh "$S/try" "$S" live || c=$?',
      `if [ $c != 0 ]; then ${putBackScript(paths).join('; ')}; fi`,
      'fi',
      `[ $c != 43 ] || echo 'refused by its own program; the live files are unchanged' >&2`,
      'exit $c',
    ],
    '\n',
  );
}

function keepScript(paths: readonly string[]): readonly string[] {
  return paths.map(
    (path, index) => `if [ -e ${quote(path)} ] || [ -L ${quote(path)} ]; then cp -a -- ${quote(path)} "$S/old/${index}"; fi`,
  );
}

function putBackScript(paths: readonly string[]): readonly string[] {
  return paths.map(
    (path, index) =>
      `rm -rf -- ${quote(path)}; if [ -e "$S/old/${index}" ] || [ -L "$S/old/${index}" ]; then cp -a -- "$S/old/${index}" ${quote(path)}; fi`,
  );
}
