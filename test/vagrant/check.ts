import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import { z } from 'zod';
import { copyDir } from './paths.js';

/** The load balancer of inventory/vagrant.yml. */
const loadBalancer = '192.168.56.11';

const domain = 'www.foobar.com';

/** What the machines' secrets are, as "vagrant up" has made them. */
const secrets = z.object({ ca_certificate: z.string() });

const answer = z.object({ by: z.string() });

/**
 * Asks the load balancer for the site over HTTPS, four times; its certificate is checked by the site's own authority.
 * @returns a line each: the status, and which web server answered
 * @throws Error when an answer is not a 200, or when not both web servers answered.
 */
export async function checkSite(): Promise<string[]> {
  const { ca_certificate: ca } = secrets.parse(parse(await readFile(join(copyDir, 'inventory/group_vars/vagrant.yml'), 'utf8')));
  const servers: string[] = [];
  for (let count = 0; count < 4; count++) {
    const outgoing = request({
      host: loadBalancer,
      servername: domain,
      ca,
      path: '/',
      headers: { host: domain },
      timeout: 60_000,
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${loadBalancer} does not answer within a minute`)));
    outgoing.end();
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const body = await text(response);
    if (response.statusCode !== 200) throw new Error(`lb-01 answers ${response.statusCode ?? 0}, not 200: ${body.slice(0, 400)}`);
    servers.push(answer.parse(JSON.parse(body)).by);
  }
  if (new Set(servers).size !== 2) throw new Error(`not both web servers answer: ${servers.join(', ')}`);
  return servers.map((server) => `GET https://${domain}/ at ${loadBalancer}: 200, by ${server}`);
}

/** @throws Error when a run's recap does not say of all three hosts that nothing failed, or (`quiet`) changed. */
export function checkRecap(output: string, quiet: boolean): void {
  for (const host of ['lb-01', 'web-01', 'web-02']) {
    const line = new RegExp(`^.*${host} +: +ok=.*$`, 'gm').exec(output)?.[0];
    if (line === undefined) throw new Error(`the run says nothing of ${host}`);
    if (!/failed=0\b/.test(line) || !/unreachable=0\b/.test(line)) throw new Error(`the run failed: ${line.trim()}`);
    if (quiet && !/changed=0\b/.test(line)) throw new Error(`the second run changed something: ${line.trim()}`);
  }
}
