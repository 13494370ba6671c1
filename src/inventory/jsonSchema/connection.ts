import { SETTING_NAMES, IGNORED, connectionSchema, type ConnectionSetting } from '../connectionVars.js';
import { variablesSchema, type JsonSchema } from './variables.js';

/** Values for which Ansible's variables mean nothing else than what is done anyway; other values are refused. */
const HARMLESS: readonly unknown[] = [true, 'sudo', 'root', 'sh'];

/** The `ansible_…` variables about the way to a host, and those of Ansible's that are passed over. */
export function connectionProperties(): Readonly<Record<string, JsonSchema>> {
  const { properties } = variablesSchema(connectionSchema, new Map());
  const settings = Object.keys(SETTING_NAMES) as ConnectionSetting[];
  const own = settings.flatMap((setting) => {
    const schema = properties[setting];
    if (typeof schema !== 'object') return [];
    const [name, ...others] = SETTING_NAMES[setting];
    return [
      [name, schema] as const,
      ...others.map((other) => [other, { ...schema, description: `The same as ${name}.` }] as const),
    ];
  });
  const ignored = Object.entries(IGNORED).flatMap(([name, judge]): readonly (readonly [string, JsonSchema])[] => {
    const description = 'Of Ansible; it is passed over here.';
    if (judge(undefined) === undefined) return [[name, { description }]];
    const harmless = HARMLESS.filter((value) => judge(value) === undefined);
    return harmless.length === 0 ? [] : [[name, { description, enum: harmless }]];
  });
  return Object.fromEntries([...own, ...ignored]);
}
