import { defineFact, type CommandResult, type Read } from '../model/fact.js';
import { quote } from '../util/shell.js';

/** Whether a host should be rebooted. */
export interface RebootState {
  /** Why, in words; empty where nothing asks for it. */
  readonly reasons: readonly string[];
  /** Of the asked files, those that were changed since the boot. */
  readonly changed: readonly string[];
}

/**
 * What asks for a reboot: the mark that packages leave, and an installed kernel that is newer than the running one (only
 * where the running one is a package's: a container or a provider's own kernel says nothing). With it, which of some
 * files were changed since the boot.
 */
export const rebootState: (paths: readonly string[], options?: { host?: string }) => Read<RebootState> = defineFact<
  readonly string[],
  RebootState
>({
  name: 'reboot',
  live: true,
  topics: (paths) => ['package:*', 'path:/run/reboot-required', ...paths.map((path) => `path:${path}` as const)],
  command: (paths) =>
    [
      `for f in /run/reboot-required /var/run/reboot-required; do if [ -e $f ]; then echo "required $(sort -u $f.pkgs 2>/dev/null | tr '\\n' ' ')"; break; fi; done`,
      'r=$(uname -r)',
      `if [ -d "/lib/modules/$r" ]; then`,
      // Of the same flavour only: `6.1.0-28-amd64` and `6.1.0-28-cloud-amd64` may both be installed.
      `  f=$(printf %s "$r" | sed 's/^[^-]*-//; s/^[0-9][0-9]*-//')`,
      `  n=$(ls /boot | sed -n "s/^vmlinuz-\\([^-]*-\\([0-9]*-\\)\\{0,1\\}$f\\)$/\\1/p" | sort -V | tail -n 1)`,
      `  [ -z "$n" ] || [ "$n" = "$r" ] || [ "$(printf '%s\\n%s\\n' "$n" "$r" | sort -V | tail -n 1)" != "$n" ] || echo "kernel $r $n"`,
      'fi',
      // The first process's own start: in a container the boot time is the machine's.
      `b=$(sed -n 's/^btime //p' /proc/stat); t=$(sed 's/.*) //' /proc/1/stat | cut -d ' ' -f 20)`,
      `s=$(( b + t / $(getconf CLK_TCK 2>/dev/null || echo 100) ))`,
      ...paths.map(
        (path) => `c=$(stat -c %Z -- ${quote(path)} 2>/dev/null) && [ "$c" -gt "$s" ] && echo ${quote(`changed ${path}`)}`,
      ),
      'true',
    ].join('\n'),
  parse: parseReboot,
});

function parseReboot({ stdout }: CommandResult): RebootState {
  const reasons: string[] = [];
  const changed: string[] = [];
  for (const line of stdout.split('\n')) {
    const [word, ...rest] = line.trim().split(' ');
    if (word === 'required') reasons.push(rest.length === 0 ? 'packages ask for it' : `${rest.join(', ')} asks for it`);
    if (word === 'kernel') reasons.push(`kernel ${rest[0] ?? ''} runs, ${rest[1] ?? ''} is installed`);
    if (word === 'changed') changed.push(rest.join(' '));
  }
  return { reasons, changed };
}
