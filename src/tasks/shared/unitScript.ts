import { joinText, type Text } from '../../util/secret.js';
import { quote, quoteText } from '../../util/shell.js';

/** Where units of the administrator stand. */
export const UNIT_DIRECTORY = '/etc/systemd/system';

/** A unit's file or a drop-in, with its path below `UNIT_DIRECTORY`. */
export interface UnitFile {
  readonly file: string;
  readonly text: Text;
}

/** Where units and drop-ins may stand besides what programs make at boot, the first one winning. */
const UNIT_DIRECTORIES = [UNIT_DIRECTORY, '/run/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'];

/**
 * sh code that lets systemd judge unit files before they are put in place: unknown keys and sections, values that do
 * not parse, a unit that systemd would refuse. A program that is not there yet is no fault.
 *
 * Where no other drop-in has a say, they are first judged without the units that they want and follow: reading all of those
 * takes six times as long (0.14 s of a processor). Only what is faulty then is judged again with them.
 * @param unit the unit to load with them, such as `app.service`
 */
export function verifyScript(unit: string, files: readonly UnitFile[]): Text {
  const isBrought = files.every(({ file }) => file.includes('/'));
  const dropIns = [unit, ...files.flatMap(({ file }) => (file.includes('/') ? [] : [file]))].flatMap(dropInFolders);
  return joinText(
    [
      `t=$(mktemp -d); trap 'rm -rf -- "$t"' EXIT; mkdir "$t/units"`,
      ...files.map(({ file, text }) =>
        joinText([
          file.includes('/') ? `mkdir -p "$t/units"/${quote(file.slice(0, file.lastIndexOf('/')))}; ` : '',
          'printf %s ',
          quoteText(text),
          ` >"$t/units"/${quote(file)}`,
        ]),
      ),
      `u=${quote(unit)} folders=${quote(UNIT_DIRECTORIES.join(' '))}`,
      'alone() {',
      '  for d in $folders; do',
      `    for f in ${[...new Set(dropIns)].map(quote).join(' ')}; do [ ! -e "$d/$f" ] || return 1; done`,
      '  done',
      ...(isBrought
        ? ['  for d in $folders; do if [ -e "$d/$u" ]; then cp -L -- "$d/$u" "$t/units"; return; fi; done; return 1']
        : []),
      '}',
      'faulty() {',
      // A template is verified with some instance of it.
      `  SYSTEMD_UNIT_PATH=$1 systemd-analyze verify --man=no ${quote(unit.replace('@.', '@verify.'))} >"$t/said" 2>&1 || :`,
      `  grep -E "^$t/units/[^:]*:|bad unit file setting|Refusing" "$t/said" >"$t/faults"`,
      '}',
      'if alone && ! faulty "$t/units"; then :; else',
      ...(isBrought ? ['  rm -f -- "$t/units/$u"'] : []),
      // The trailing colon stands for the usual folders.
      '  if faulty "$t/units:"; then',
      `    echo ${quote(`systemd finds faults in ${unit}; nothing was changed:`)} >&2`,
      `    sed "s:^$t/units:${UNIT_DIRECTORY}:" "$t/faults" >&2`,
      '    exit 1',
      '  fi',
      'fi',
    ],
    '\n',
  );
}

/** The folders of drop-ins for a unit: for `app-web.service` also those for all `app-` services. */
function dropInFolders(unit: string): readonly string[] {
  const type = unit.slice(unit.lastIndexOf('.'));
  const stem = unit.slice(0, -type.length);
  const prefixes = [...stem.matchAll(/-/g)].map(({ index }) => stem.slice(0, index + 1));
  return [stem, ...prefixes].map((each) => `${each}${type}.d`);
}
