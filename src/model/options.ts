import { z } from 'zod';

/** Option types that several kinds share. */

/** An absolute path without `.` or `..` parts or a newline. */
export const absolutePath = z
  .string()
  .regex(/^\/(?!.*(^|\/)\.\.?(\/|$))[^\0\n]*$/, 'expected an absolute path without . or .. parts')
  .transform((path) => (path.length > 1 ? path.replace(/\/+$/, '') : path));

/** Octal permissions as text, `0644` or `644`; a number is refused, as 644 is not 0644. */
export const fileMode = z
  .string({ error: "expected octal permissions as text, such as '0644'" })
  .regex(/^0?[0-7]{3,4}$/, "expected octal permissions as text, such as '0644'")
  .transform((mode) => mode.padStart(4, '0'));

/** The name of an account or group on the host. */
export const accountName = z.string().regex(/^[a-z_][a-z0-9_.-]*\$?$/i, 'expected the name of an account or group');
