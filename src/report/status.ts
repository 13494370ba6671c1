import type { TaskStatus } from '../model/event.js';
import type { Colours, Paint } from './colours.js';

/** A status in words. In a dry run nothing is changed yet, so it says `would change`. */
export function statusWord(status: TaskStatus, dryRun: boolean): string {
  if (status === 'changed') return dryRun ? 'would change' : 'changed';
  return status === 'unknown' ? 'known after apply' : status;
}

/** A status as the head of a column: `to change`, `known after apply`, `ok`. */
export function statusTitle(status: TaskStatus | 'unreachable', dryRun: boolean): string {
  if (status === 'unreachable') return status;
  return status === 'changed' && dryRun ? 'to change' : statusWord(status, dryRun);
}

/** The widest word of a run, so that columns stand under each other. */
export function statusWidth(dryRun: boolean): number {
  return dryRun ? 'known after apply'.length : 'unreachable'.length;
}

/** The colours that Ansible's users know: ok green, changed yellow, failed red, skipped cyan. */
export function statusPaint(status: TaskStatus | 'unreachable', colours: Colours): Paint {
  switch (status) {
    case 'ok':
      return colours.green;
    case 'changed':
      return colours.yellow;
    case 'unknown':
      return colours.magenta;
    case 'skipped':
      return colours.cyan;
    case 'failed':
    case 'unreachable':
      return colours.red;
  }
}
