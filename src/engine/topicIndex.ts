import { overlaps, type Topic } from '../model/topic.js';

/** Finds what depends on something that overlaps a topic, without looking at all that there is. */
export interface TopicIndex {
  /** `key` depends on these topics. */
  add(key: string, topics: readonly Topic[]): void;
  /** The keys with a topic that the given one overlaps. */
  touchedBy(topic: Topic): ReadonlySet<string>;
}

export function topicIndex(): TopicIndex {
  /** Topics that name one thing, by their text: most changes name one, too. */
  const plain = new Map<Topic, Set<string>>();
  /** Those that stand for many. */
  const wide = new Map<Topic, Set<string>>();
  return {
    add: (key, topics) => {
      for (const topic of topics) {
        const kept = isWide(topic) ? wide : plain;
        kept.set(topic, (kept.get(topic) ?? new Set()).add(key));
      }
    },
    touchedBy: (topic) => {
      const found = new Set<string>();
      const take = (keys: ReadonlySet<string> | undefined) => keys?.forEach((key) => found.add(key));
      if (isWide(topic)) for (const [one, keys] of plain) if (overlaps(one, topic)) take(keys);
      take(plain.get(topic));
      for (const [one, keys] of wide) if (overlaps(one, topic)) take(keys);
      return found;
    },
  };
}

function isWide(topic: Topic): boolean {
  return topic.endsWith('*');
}
