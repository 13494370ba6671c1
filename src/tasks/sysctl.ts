import { z } from 'zod';
import { plainValue, sysctlPath, sysctlValue } from '../facts/sysctl.js';
import { sh, type Change } from '../model/change.js';
import { absolutePath } from '../model/options.js';
import { defineTask } from '../model/task.js';
import { quote } from '../util/shell.js';
import { planTextFile, readTextFile } from './shared/textFile.js';

const options = z
  .strictObject({
    /** Kernel parameters and their values: `{ 'net.ipv4.ip_forward': 1 }`. */
    values: z
      .record(
        z.string().regex(/^[A-Za-z0-9_]+([./][A-Za-z0-9_:.*-]+)+$/, "expected a kernel parameter's name, such as vm.swappiness"),
        z.union([z.string().regex(/^[^\n]+$/, 'expected one line'), z.number()]).transform((value) => plainValue(String(value))),
      )
      .refine((values) => Object.keys(values).length > 0, 'expected at least one parameter'),
    /** The file that sets them at boot; it holds nothing else. Default `/etc/sysctl.d/60-provision.conf`. */
    file: absolutePath.default('/etc/sysctl.d/60-provision.conf'),
  })
  .transform((o) => ({ ...o, entries: Object.entries(o.values) }));

/**
 * Kernel parameters, now and at every boot.
 * @example sysctl({ values: { 'net.core.somaxconn': 4096, 'vm.swappiness': 10 } })
 */
export const sysctl = defineTask({
  kind: 'sysctl',
  options,
  subject: (o) => o.file,
  reads: (o) => ({
    now: readTextFile(o.file, textOf(o.entries)),
    live: o.entries.map(([key]) => sysctlValue(key)),
  }),
  plan: (o, { now, live }): readonly Change[] => {
    const wrong = o.entries.flatMap(([key, wanted], index) =>
      live[index] === wanted ? [] : [{ key, wanted, found: live[index] }],
    );
    const changes = planTextFile({ path: o.file, text: textOf(o.entries), mode: '0644' }, now);
    if (wrong.length === 0) return changes;
    // The kernel judges first: a value that it refuses does not get into the file.
    return [
      {
        summary: wrong.map(({ key, wanted, found }) => `${key} ${found ?? '(none)'} → ${wanted}`).join(', '),
        diff: {
          before: wrong.map(({ key, found }) => `${key} = ${found ?? '(none)'}\n`).join(''),
          after: wrong.map(({ key, wanted }) => `${key} = ${wanted}\n`).join(''),
        },
        steps: [
          sh(SET + wrong.map(({ key, wanted }) => `\nset_to ${quote(key)} ${quote(sysctlPath(key))} ${quote(wanted)}`).join('')),
        ],
        live: true,
        touches: wrong.map(({ key }) => `sysctl:${key}` as const),
        predicts: wrong.map(({ key, wanted }) => sysctlValue(key).predict(wanted)),
      },
      ...changes,
    ];
  },
});

const SET = `
set_to() {
  if [ ! -f "$2" ]; then
    echo "this kernel has no parameter $1: a module that brings it is not loaded, or its name is another" >&2
    exit 1
  fi
  if ! printf '%s\\n' "$3" >"$2"; then
    echo "the kernel refuses $1 = $3 (a container may not set it)" >&2
    exit 1
  fi
}`;

function textOf(entries: readonly (readonly [string, string])[]): string {
  return `# Managed by provision.\n${entries.map(([key, value]) => `${key} = ${value}\n`).join('')}`;
}
