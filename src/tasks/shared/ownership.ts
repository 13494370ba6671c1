import type { FileState } from '../../facts/file.js';
import { quote } from '../../util/shell.js';

/** What a task wants of a path's owner, group and mode; what is left out is left as it is. */
export interface Ownership {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly mode?: string | undefined;
}

/** The differences in words: `mode 0644 → 0640`, `owner root → app`. */
export function ownershipDifferences(wanted: Ownership, now: FileState): readonly string[] {
  return (['mode', 'owner', 'group'] as const).flatMap((key) => {
    const value = wanted[key];
    return value === undefined || value === now[key] ? [] : [`${key} ${now[key]} → ${value}`];
  });
}

/** sh lines that give a path its owner, group and mode. chown first: it clears setuid bits that chmod then sets. */
export function ownershipScript(path: string, wanted: Ownership): string {
  const lines: string[] = [];
  if (wanted.owner !== undefined || wanted.group !== undefined) {
    lines.push(
      `chown -h ${quote(`${wanted.owner ?? ''}${wanted.group === undefined ? '' : `:${wanted.group}`}`)} -- ${quote(path)}`,
    );
  }
  if (wanted.mode !== undefined) lines.push(`chmod ${wanted.mode} -- ${quote(path)}`);
  return lines.join('\n');
}

/** A path's state once it has the wanted ownership; a new one belongs to root, with the given mode. */
export function withOwnership(wanted: Ownership, now: FileState, newMode: string): Pick<FileState, 'mode' | 'owner' | 'group'> {
  const fresh = now.type === 'absent';
  return {
    mode: wanted.mode ?? (fresh ? newMode : now.mode),
    owner: wanted.owner ?? (fresh ? 'root' : now.owner),
    group: wanted.group ?? (fresh ? 'root' : now.group),
  };
}
