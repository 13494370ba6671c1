import type { AnyPlay } from '../model/playbook.js';

/** One of the samples of a gathered fact. */
export interface SampleOfFact {
  readonly name: string;
  /** Which of the fact's samples. */
  readonly index: number;
  readonly value: unknown;
}

/** Which samples a play's tasks have been made with. */
export interface Asked {
  /**
   * The facts to make the tasks of a play on a host with. Undefined where that would be done again: the same tasks come of the
   * samples that they were made of before, whatever there is beside those.
   */
  factsFor(play: AnyPlay, host: string, samples: readonly SampleOfFact[]): Readonly<Record<string, unknown>> | undefined;
}

/** Notes which facts a play looks at. Most look at few, so that not every sample of every fact makes its tasks anew. */
export function createAsked(): Asked {
  const seen = new Map<AnyPlay, Map<string, Map<string, number>[]>>();
  return {
    factsFor: (play, host, samples) => {
      const hosts = seen.get(play) ?? new Map<string, Map<string, number>[]>();
      seen.set(play, hosts);
      const before = hosts.get(host) ?? [];
      hosts.set(host, before);
      const now = new Map(samples.map(({ name, index }) => [name, index]));
      if (before.some((looked) => [...looked].every(([name, index]) => now.get(name) === index))) return undefined;
      const looked = new Map<string, number>();
      before.push(looked);
      const facts: Record<string, unknown> = {};
      for (const { name, index, value } of samples) {
        Object.defineProperty(facts, name, {
          enumerable: true,
          get: () => {
            looked.set(name, index);
            return value;
          },
        });
      }
      return facts;
    },
  };
}
