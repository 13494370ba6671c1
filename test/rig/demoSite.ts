import { setTimeout as delay } from 'node:timers/promises';
import type { Rig } from './rig.js';
import { ask, siteOf, type Site } from './siteClient.js';

const REQUESTS = 6;

/** Shows the site that the demo built: addresses, requests to both web servers in turn, a note from primary to replica. */
export async function showSite(rig: Rig): Promise<void> {
  for (const [name, { address, groups }] of Object.entries(rig.hosts)) console.log(`${name}  ${address}  ${groups.join(', ')}`);
  const site = siteOf(rig);
  const url = `https://${site.name}`;

  console.log(`\n${REQUESTS} requests to ${url}/ (${site.address}), the certificate checked by the site's own authority:`);
  for (let count = 0; count < REQUESTS; count++) {
    const { status, headers } = await ask(site, '/');
    console.log(`  ${status} from ${String(headers['x-served-by'] ?? 'nobody')}`);
  }

  const text = `written by the demo at ${new Date().toISOString()}`;
  const posted = await ask(site, '/notes', { method: 'POST', body: text, headers: { 'content-type': 'text/plain' } });
  const { db } = JSON.parse(posted.body) as { db?: string };
  console.log(`\nA note was posted (${posted.status}) and written to ${db ?? 'no database'}, the primary.`);
  console.log(`It was read again from ${await readBack(site, text)}, the replica: ${url}/notes`);
}

/** Replication takes a moment: asks until the note is there, five seconds at most. */
async function readBack(site: Site, text: string): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const { body } = await ask(site, '/notes');
    if (body.includes(text)) return (JSON.parse(body) as { readFrom?: string }).readFrom ?? 'an unnamed server';
    await delay(100);
  }
  throw new Error('the note did not reach the replica within five seconds');
}
