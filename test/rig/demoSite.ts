import { setTimeout as delay } from 'node:timers/promises';
import type { Rig } from './rig.js';

const REQUESTS = 6;

/** Shows the site that the demo built: addresses, requests to both web servers in turn, a note from primary to replica. */
export async function showSite(rig: Rig): Promise<void> {
  for (const [name, { address, groups }] of Object.entries(rig.hosts)) console.log(`${name}  ${address}  ${groups.join(', ')}`);
  const url = `http://${rig.hosts['lb-01']?.address ?? ''}`;

  console.log(`\n${REQUESTS} requests to ${url}/ through the load balancer:`);
  for (let count = 0; count < REQUESTS; count++) {
    const answer = await fetch(url, { headers: { connection: 'close' } });
    console.log(`  ${answer.status} from ${answer.headers.get('x-served-by') ?? 'nobody'}`);
  }

  const text = `written by the demo at ${new Date().toISOString()}`;
  const posted = await fetch(`${url}/notes`, { method: 'POST', body: text, headers: { 'content-type': 'text/plain' } });
  const { db } = (await posted.json()) as { db?: string };
  console.log(`\nA note was posted (${posted.status}) and written to ${db ?? 'no database'}, the primary.`);
  console.log(`It was read again from ${await readBack(url, text)}, the replica: ${url}/notes`);
}

/** Replication takes a moment: asks until the note is there, five seconds at most. */
async function readBack(url: string, text: string): Promise<string> {
  for (let tries = 0; tries < 50; tries++) {
    const answer = await fetch(`${url}/notes`);
    const body = await answer.text();
    if (body.includes(text)) return (JSON.parse(body) as { readFrom?: string }).readFrom ?? 'an unnamed server';
    await delay(100);
  }
  throw new Error('the note did not reach the replica within five seconds');
}
