import { defineFact, type Read } from '../model/fact.js';

const fact = defineFact<null, readonly string[]>({
  name: 'failedUnits',
  live: true,
  key: () => '',
  topics: () => ['unit:*'],
  command: () => 'systemctl list-units --state=failed --plain --no-legend --no-pager',
  parse: ({ stdout }) => stdout.split('\n').flatMap((line) => line.trim().split(/\s+/)[0] || []),
});

/** The units of the task's own host that systemd calls failed. */
export const failedUnits: Read<readonly string[]> = fact(null);
