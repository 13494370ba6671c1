import type { Change } from '../../model/change.js';
import type { Read } from '../../model/fact.js';
import type { Session } from '../../model/session.js';
import { overlaps, type Topic } from '../../model/topic.js';
import { gather } from '../gather.js';
import { createKnowledge, type Subject } from '../knowledge.js';
import type { PlayTask } from '../playTask.js';

/** What is read in the copies: the values that changes which were really made there may have altered. */
export interface CopyValues {
  /** Whether the copy tells this value: not the host, and no prediction. */
  decides(on: Subject, read: Read<never>): boolean;
  value(on: Subject, read: Read<never>): unknown;
  /** Asks the copies for all values of a task that they decide and that are not known as they are now. */
  ask(task: PlayTask): Promise<void>;
  /** A change was made in a host's copy. */
  made(host: string, change: Change): void;
}

export function createCopyValues(openCopy: (host: string, user: string) => Promise<Session>): CopyValues {
  const values = createKnowledge();
  const made = new Map<string, { readonly topics: Topic[]; readonly keys: Set<string> }>();
  const madeOn = (host: string) => {
    const all = made.get(host) ?? { topics: [], keys: new Set<string>() };
    made.set(host, all);
    return all;
  };
  const decides: CopyValues['decides'] = (on, { fact, host, key, topics }) => {
    if (fact.live) return false;
    const changes = madeOn(host ?? on.host);
    if (changes.keys.has(key) || changes.keys.has(fact.name)) return true;
    return topics.some((topic) => changes.topics.some((one) => overlaps(topic, one)));
  };
  return {
    decides,
    value: (on, read) => values.value(on, read),
    ask: async ({ on, prepared }) => {
      const open = prepared.reads.filter((read) => decides(on, read) && values.state(on, read) !== 'known');
      if (open.length === 0) return;
      await gather(
        open.map((read) => ({ on, read })),
        values,
        openCopy,
      );
    },
    made: (host, { touches = ['*'], predicts = [] }) => {
      values.apply(host, touches, predicts, '');
      for (const place of new Set([host, ...predicts.map((one) => one.host ?? host)])) values.distrustPredictions(place);
      madeOn(host).topics.push(...touches);
      for (const one of predicts) madeOn(one.host ?? host).keys.add(one.key);
    },
  };
}
