import { ProvisionError } from '../model/errors.js';
import type { Inventory } from '../model/inventory.js';
import type { AnyPlaybook, GroupFacts } from '../model/playbook.js';
import type { Session } from '../model/session.js';
import { timed } from '../util/timing.js';
import { gather } from './gather.js';
import { createKnowledge, type Learned } from './knowledge.js';

interface GathererOptions {
  readonly playbook: Pick<AnyPlaybook, 'gather'>;
  readonly groups: Inventory['groups'];
  readonly openSession: (host: string, user: string) => Promise<Session>;
  readonly learned?: Learned | undefined;
}

/** A host's own facts by their names in the playbook's `gather`. */
type Own = ReadonlyMap<string, unknown>;

/**
 * Gives the facts that a host's tasks are made of. Each host is asked once, in one exchange, by whoever needs it first:
 * itself, or another host of a group whose hosts must know of each other.
 */
export function factGatherer({
  playbook,
  groups,
  openSession,
  learned,
}: GathererOptions): (host: string, user: string) => Promise<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(playbook.gather);
  const membersOf = (group: string): readonly string[] => groups.get(group) ?? [];
  const asked = new Map<string, Promise<Own>>();

  const ask = async (host: string, user: string): Promise<Own> => {
    const on = { host, user };
    const wanted = entries.filter(([, { of }]) => of === undefined || membersOf(of).includes(host));
    await openSession(host, user);
    const facts = createKnowledge(learned);
    await timed('read', host, () =>
      gather(
        wanted.map(([, { read }]) => ({ on, read })),
        facts,
        openSession,
      ),
    );
    return new Map(wanted.map(([name, { read }]) => [name, facts.value(on, read)]));
  };
  const own = (host: string, user: string): Promise<Own> => {
    const place = `${host} ${user}`;
    const known = asked.get(place) ?? ask(host, user);
    asked.set(place, known);
    return known;
  };
  const ofGroup = async (name: string, group: string, user: string): Promise<GroupFacts<unknown>> => {
    const answers = membersOf(group).map(async (member): Promise<[string, unknown]> => [member, await answerOf(member, name)]);
    return new Map(await Promise.all(answers));

    async function answerOf(member: string, fact: string): Promise<unknown> {
      try {
        return (await own(member, user)).get(fact);
      } catch (error) {
        // A host that cannot be asked has a say of its own in its own run; here it is one that nothing is known of.
        if (error instanceof ProvisionError) return undefined;
        throw error;
      }
    }
  };

  return async (host, user) => {
    const mine = await own(host, user);
    const values = entries.map(async ([name, { of }]): Promise<[string, unknown]> => {
      if (of === undefined) return [name, mine.get(name)];
      return [name, membersOf(of).includes(host) ? await ofGroup(name, of, user) : new Map()];
    });
    return Object.fromEntries(await Promise.all(values));
  };
}
