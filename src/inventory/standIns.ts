import type { z } from 'zod';
import type { Inventory } from '../model/inventory.js';
import { Secret } from '../util/secret.js';
import { createCa, type CertificateAuthority } from '../vault/ca.js';
import { shapeOf } from './schema.js';

/** Texts that one or the other schema of a secret takes. */
const TEXTS: readonly string[] = ['stand-in', '192.0.2.1', 'https://example.org/', 'stand-in@example.org', '1'];

/** Made once a process: each inventory asks for it. */
let standIn: Promise<CertificateAuthority | undefined> | undefined;

/** How long the authority is valid that stands in, in days. */
const DAYS = 3650;

/** Values in place of secrets that are not had, so that all else can be checked without them. */
export interface StandIns {
  /** For a variable whose schema takes a secret; undefined for every other. */
  readonly give: (variable: string) => Secret | undefined;
  /** The variables that got one so far. */
  readonly given: ReadonlySet<string>;
}

/**
 * Stand-ins that suit the variables of a playbook's schema. Variables that take a certificate, or are called a key, get
 * those of an authority made for it, where this machine can make one.
 */
export async function standInsFor(schema: z.ZodType): Promise<StandIns> {
  const keys = shapeOf(schema, {})?.keys ?? new Map<string, readonly z.ZodType[]>();
  const isKey = (name: string): boolean => /(?:^|_)key$/i.test(name);
  const authority = [...keys.keys()].some((name) => isKey(name))
    ? await (standIn ??= createCa('stand-in', DAYS).catch(() => undefined))
    : undefined;
  const given = new Set<string>();
  return {
    given,
    give: (variable) => {
      const schemas = keys.get(variable) ?? [];
      const texts =
        authority === undefined ? TEXTS : isKey(variable) ? [authority.key, ...TEXTS] : [...TEXTS, authority.certificate];
      const text = texts.find((one) => schemas.some((wanted) => wanted.safeParse(new Secret(one)).success));
      if (text === undefined) return undefined;
      given.add(variable);
      return new Secret(text);
    },
  };
}

/** The inventory with stand-ins for the secrets that its hosts need and have not. */
export function withStandIns(inventory: Inventory, schema: z.ZodType, standIns: StandIns): Inventory {
  const needed = [...(shapeOf(schema, {})?.keys ?? [])].filter(([, schemas]) =>
    schemas.every((wanted) => !wanted.safeParse(undefined).success),
  );
  const hosts = inventory.hosts.map((host) => {
    const missing = needed.filter(([name]) => host.vars[name] === undefined);
    const added = missing.flatMap(([name]) => {
      const value = standIns.give(name);
      return value === undefined ? [] : [[name, value] as const];
    });
    return { ...host, vars: { ...host.vars, ...Object.fromEntries(added) } };
  });
  return { ...inventory, hosts };
}
