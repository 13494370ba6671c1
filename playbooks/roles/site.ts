import { z } from 'zod';

/** Variables that several roles share. */
export const siteVars = z.object({
  /** The site's name on the web. */
  domain: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'expected a domain name, such as www.foobar.com')
    .default('www.foobar.com'),
  /** The name of the application: of its account, its unit, its folders. */
  app_name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected a short lower-case name')
    .default('foobar'),
});
