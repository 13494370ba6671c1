import type { Query, Read } from '../model/fact.js';
import type { Session } from '../model/session.js';
import type { Knowledge, Subject } from './knowledge.js';

/** A read and who asks it. */
export interface Question {
  readonly on: Subject;
  readonly read: Read<never>;
}

/** Asks the questions, each once, all of a host and account in one exchange, and learns the answers. */
export async function gather(
  questions: readonly Question[],
  knowledge: Knowledge,
  openSession: (host: string, user: string) => Promise<Session>,
): Promise<void> {
  const places = new Map<string, Question[]>();
  for (const question of questions) {
    const place = `${question.read.host ?? question.on.host} ${question.on.user}`;
    places.set(place, [...(places.get(place) ?? []), question]);
  }
  await Promise.all(
    [...places].map(async ([place, asked]) => {
      const [host = '', user = ''] = place.split(' ');
      await askMany(await openSession(host, user), asked, knowledge);
    }),
  );
}

/** Asks one question, without learning the answer. */
export async function askOne<T>(read: Read<T>, session: Session): Promise<T> {
  const [asked] = read.fact.queries([read.params]);
  if (asked === undefined) throw new Error(`${read.key} asks nothing`);
  const [result] = await session.read([asked.query.script]);
  if (result === undefined) throw new Error(`${read.key} was not answered`);
  return asked.query.parse(result)[0] as T;
}

async function askMany(session: Session, questions: readonly Question[], knowledge: Knowledge): Promise<void> {
  const batches = byFact(questions).flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    let next = 0;
    return first.read.fact.queries(same.map(({ read }) => read.params)).map(({ query, covers }) => {
      const covered = same.slice(next, next + covers);
      next += covers;
      return { query, covered };
    });
  });
  const results = await session.read(batches.map(({ query }) => query.script));
  for (const [index, { query, covered }] of batches.entries()) {
    const result = results[index];
    if (result !== undefined) learn(query, covered, query.parse(result), knowledge);
  }
}

function learn(query: Query, covered: readonly Question[], values: readonly unknown[], knowledge: Knowledge): void {
  if (values.length !== covered.length) {
    throw new Error(`a fact gave ${values.length} values for ${covered.length} questions: ${query.script.slice(0, 80)}`);
  }
  for (const [index, { on, read }] of covered.entries()) knowledge.learn(on, read, values[index]);
}

/** One list a fact; questions with the same key are merged into one. */
function byFact(questions: readonly Question[]): readonly (readonly Question[])[] {
  const facts = new Map<string, Map<string, Question>>();
  for (const question of questions) {
    const { fact, key } = question.read;
    const same = facts.get(fact.name) ?? new Map<string, Question>();
    const twin = same.get(key);
    same.set(
      key,
      twin === undefined
        ? question
        : { ...twin, read: { ...twin.read, params: fact.merge(twin.read.params, question.read.params) } },
    );
    facts.set(fact.name, same);
  }
  return [...facts.values()].map((same) => [...same.values()]);
}
