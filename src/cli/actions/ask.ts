import type { Read } from '../../model/fact.js';
import type { Session } from '../../model/session.js';

/** Asks a host some reads in one exchange, and gives their values under the same names. */
export async function askAll<R extends Readonly<Record<string, Read<never>>>>(
  session: Session,
  reads: R,
): Promise<{ readonly [K in keyof R]: R[K] extends Read<infer T> ? T : never }> {
  const queries = Object.entries(reads).flatMap(([name, { fact, params }]) =>
    fact.queries([params]).map(({ query }) => ({ name, query })),
  );
  const results = await session.read(queries.map(({ query }) => query.script));
  const values = queries.map(({ name, query }, index) => {
    const result = results[index] ?? { code: 255, stdout: '', stderr: '' };
    return [name, query.parse(result)[0]];
  });
  return Object.fromEntries(values) as { readonly [K in keyof R]: R[K] extends Read<infer T> ? T : never };
}
