import type { UnitState } from '../../facts/units.js';

/** What systemd will say of a unit once it has read this text: what of it does not depend on what runs. */
export function unitOfText(text: string, now: UnitState): Pick<UnitState, 'load' | 'enabled' | 'type' | 'remains' | 'canReload'> {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n')) {
    const header = /^\[(\w+)\]/.exec(line)?.[1];
    if (header !== undefined) values.set((section = header), '');
    const pair = /^(\w+)\s*=\s*(.*?)\s*$/.exec(line);
    if (pair) values.set(`${section}.${pair[1] ?? ''}`, pair[2] ?? '');
  }
  const isService = values.has('Service');
  const type = values.get('Service.Type') ?? (values.has('Service.BusName') ? 'dbus' : 'simple');
  return {
    load: now.load === 'masked' ? 'masked' : 'loaded',
    enabled: now.load === 'not-found' ? (values.has('Install') ? 'disabled' : 'static') : now.enabled,
    type: isService ? type : '',
    remains: /^(yes|true|on|1)$/i.test(values.get('Service.RemainAfterExit') ?? ''),
    canReload: type === 'notify-reload' || (values.get('Service.ExecReload') ?? '') !== '',
  };
}

/** One word for an Exec line of a unit, whatever it holds: quoted, and safe from `%` and `$`. */
export function unitWord(word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll('%', '%%')
    .replaceAll('$', '$$$$');
  return `"${escaped}"`;
}
