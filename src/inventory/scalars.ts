import type { ScalarTag, Tags } from 'yaml';
import { PendingSecret } from './tree.js';

/*
 * Plain scalars as Ansible reads them (YAML 1.1 in PyYAML's dialect: yes and on are true, 0644 is octal, 1e3 is text),
 * except that `22:30` and `2026-11-21` stay text: nobody who writes them means 1350 or a date object.
 */

const bool: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/,
  resolve: (text) => /^(?:yes|true|on)$/i.test(text),
};

const int: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+)$/,
  resolve: (text, onError) => {
    const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
    const size = Number(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
    if (!Number.isSafeInteger(size)) onError('this number is too large to be kept exactly; put it in quotes');
    return text.startsWith('-') ? -size : size;
  },
};

const float: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?)$/,
  resolve: (text) => Number(text.replaceAll('_', '')),
};

/** The tags that the tool knows beside YAML's own. */
export const TAGS = ['!vault', '!vault-encrypted', '!env', '!command', '!unsafe'] as const;

/** Text that keeps its braces: `!unsafe`. */
export class LiteralText {
  constructor(readonly text: string) {}
}

const ours: readonly ScalarTag[] = [
  { tag: '!vault', resolve: (text) => new PendingSecret('vault', text) },
  { tag: '!vault-encrypted', resolve: (text) => new PendingSecret('vault', text) },
  { tag: '!env', resolve: (text) => new PendingSecret('env', text.trim()) },
  { tag: '!command', resolve: (text) => new PendingSecret('command', text.trim()) },
  { tag: '!unsafe', resolve: (text) => new LiteralText(text) },
];

/** For the `customTags` of a parse with the `failsafe` schema. */
export const scalarTags: Tags = ['null', bool, int, float, ...ours];
