import { joinText, type Text } from '../../util/secret.js';
import { quote, quoteText } from '../../util/shell.js';

/** Where units of the administrator stand. */
export const UNIT_DIRECTORY = '/etc/systemd/system';

/** A unit's file or a drop-in, with its path below `UNIT_DIRECTORY`. */
export interface UnitFile {
  readonly file: string;
  readonly text: Text;
}

/**
 * sh code that lets systemd judge unit files before they are put in place: unknown keys and sections, values that do
 * not parse, a unit that systemd would refuse. A program that is not there yet is no fault.
 * @param unit the unit to load with them, such as `app.service`
 */
export function verifyScript(unit: string, files: readonly UnitFile[]): Text {
  return joinText(
    [
      `t=$(mktemp -d); trap 'rm -rf -- "$t"' EXIT`,
      ...files.map(({ file, text }) =>
        joinText([
          file.includes('/') ? `mkdir -p "$t"/${quote(file.slice(0, file.lastIndexOf('/')))}; ` : '',
          'printf %s ',
          quoteText(text),
          ` >"$t"/${quote(file)}`,
        ]),
      ),
      // A template is verified with some instance of it. The trailing colon stands for the usual folders.
      `SYSTEMD_UNIT_PATH="$t:" systemd-analyze verify --man=no ${quote(unit.replace('@.', '@verify.'))} >"$t/said" 2>&1 || :`,
      `if grep -E "^$t/[^:]*:|bad unit file setting|Refusing" "$t/said" >"$t/faults"; then`,
      `  echo ${quote(`systemd finds faults in ${unit}; nothing was changed:`)} >&2`,
      `  sed "s:^$t:${UNIT_DIRECTORY}:" "$t/faults" >&2`,
      '  exit 1',
      'fi',
    ],
    '\n',
  );
}
