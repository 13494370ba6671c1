import type { RunEvent } from '../model/event.js';
import { oneLine } from './text.js';

/** What a host is busy with, in words. */
export function activityWords({
  activity,
  task,
}: Pick<Extract<RunEvent, { type: 'host-activity' }>, 'activity' | 'task'>): string {
  const about = task === undefined ? '' : oneLine(task);
  switch (activity) {
    case 'connect':
      return 'connecting';
    case 'reconnect':
      return 'connection lost, connecting again';
    case 'read':
      return about === '' ? 'reading' : `reading for ${about}`;
    case 'wait':
      return about === '' ? 'waiting' : `waiting: ${about}`;
    case 'task':
      return about;
  }
}
