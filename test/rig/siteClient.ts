import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { parse } from 'yaml';
import type { Rig } from './rig.js';

/** A site as its clients know it: by a name, at an address, with the authority by which they check its certificate. */
export interface Site {
  readonly name: string;
  readonly address: string;
  /** In PEM. */
  readonly authority: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface AskOptions {
  readonly scheme?: 'https' | 'http';
  readonly method?: string;
  readonly body?: string;
  readonly agent?: https.Agent;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The site of a rig, at one of its load balancers. */
export function siteOf(rig: Pick<Rig, 'hosts' | 'inventoryFile'>, balancer = 'lb-01'): Site {
  const { vars } = (parse(readFileSync(rig.inventoryFile, 'utf8')) as { all: { vars: Record<string, string> } }).all;
  return { name: 'www.foobar.com', address: rig.hosts[balancer]?.address ?? '', authority: vars['ca_certificate'] ?? '' };
}

/**
 * One request to a site, by its name and over HTTPS unless told otherwise. Rejects when the connection fails, the
 * certificate is not the site's, or it takes longer than ten seconds.
 */
export function ask(site: Site, path: string, options: AskOptions = {}): Promise<Answer> {
  const { scheme = 'https', method = 'GET', body, agent = false, headers = {} } = options;
  const url = `${scheme}://${site.name}${path}`;
  // The name as clients have it, in SNI and the certificate's check too; only the DNS is left out.
  const lookup: NonNullable<http.RequestOptions['lookup']> = (_name, { all }, done) => {
    if (all === true) done(null, [{ address: site.address, family: 4 }]);
    else done(null, site.address, 4);
  };
  const common = { method, headers, lookup, timeout: 10_000 };
  return new Promise((resolve, reject) => {
    const take = (response: http.IncomingMessage) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
      response.on('error', reject);
    };
    const asked =
      scheme === 'https'
        ? https.request(url, { ...common, agent, ca: site.authority }, take)
        : http.request(url, { ...common, agent: false }, take);
    asked.on('timeout', () => asked.destroy(new Error(`${url} took too long`)));
    asked.on('error', reject);
    asked.end(body);
  });
}
