import type { Topic } from '../../model/topic.js';

/** Where packages put their configuration when its folder is not named after them. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  mariadb: ['mysql'],
  'default-mysql': ['mysql'],
  openssh: ['ssh'],
  openjdk: ['java'],
  apache2: ['apache2'],
  'unattended-upgrades': ['apt'],
};

/** What each installation, upgrade or removal of packages changes. */
export function aptTopics(names: readonly string[], removal: boolean): readonly Topic[] {
  return [
    'package:*',
    ...(removal ? (['installed:*'] as const) : names.map((name): Topic => `installed:${name.replace(/:.*/, '')}`)),
    'apt:lists',
  ];
}

/** What packages may change beside that, as far as their names tell: of those whose contents nobody knows. */
export function namedTopics(names: readonly string[]): readonly Topic[] {
  const bases = new Set(names.flatMap(basesOf));
  return [
    'unit:*',
    'loaded:*',
    'user:*',
    'group:*',
    ...[...bases].flatMap((base): readonly Topic[] => [
      `path:/etc/${base}/**`,
      `path:/etc/${base}.d/**`,
      `path:/etc/${base}.conf`,
      `path:/etc/default/${base}`,
      `path:/etc/logrotate.d/${base}`,
      `path:/var/lib/${base}/**`,
      `path:/var/log/${base}/**`,
    ]),
  ];
}

/** `mysql-server-8.0` → `mysql-server-8.0`, `mysql-server`, `mysql`. */
function basesOf(name: string): readonly string[] {
  const plain = name.replace(/:.*/, '');
  const bases = [
    plain,
    plain.replace(/-?\d[\d.]*$/, ''),
    plain.replace(/-(server|client|core|common|light|full|extras|daemon|bin|backup)(-.*)?$/, ''),
  ];
  return bases.flatMap((base) => (base === '' ? [] : [base, ...(FOLDERS[base] ?? [])]));
}
