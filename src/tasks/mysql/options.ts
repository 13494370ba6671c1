import { z } from 'zod';

const OWN = ['mysql', 'sys', 'information_schema', 'performance_schema'];

/** The name of a database of the user's, not of the server's own. */
export const databaseName = z
  .string()
  .regex(/^[^\0\r\n/\\.]{1,64}$/, 'expected a name of at most 64 characters, without / \\ . or line breaks')
  .refine((name) => !OWN.includes(name.toLowerCase()), "expected a database that is not the server's own");

/** An account's name: at most 32 characters, which is MySQL's limit. */
export const accountUser = z.string().regex(/^[^\0\r\n]{1,32}$/, 'expected a name of at most 32 characters');

/** From where an account may connect: `localhost`, an address, or a pattern such as `10.0.0.%`. */
export const accountHost = z
  .string()
  .regex(/^[\w.:%/-]{1,255}$/, 'expected localhost, an address, a name, or a pattern such as 10.0.0.%');
