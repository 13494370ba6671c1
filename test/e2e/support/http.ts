import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

interface AskOptions {
  readonly method?: string;
  readonly body?: string;
  readonly agent?: Agent;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One HTTP request. Rejects when the connection fails or takes longer than ten seconds. */
export function ask(url: string, { method = 'GET', body, agent, headers = {} }: AskOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method, headers, timeout: 10_000, ...(agent === undefined ? { agent: false } : { agent }) },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
        response.on('error', reject);
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`${url} took too long`)));
    asked.on('error', reject);
    asked.end(body);
  });
}

/** How many of `count` requests each server answered, by its x-served-by header. */
export async function servedBy(url: string, count: number): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (let index = 0; index < count; index++) {
    const { headers, status } = await ask(url);
    const by = status === 200 ? String(headers['x-served-by']) : `status ${status}`;
    counts[by] = (counts[by] ?? 0) + 1;
  }
  return counts;
}

/** Clients that each send one request after another over a kept connection, until told to stop. */
export function keepAliveLoad(
  url: string,
  clients: number,
): { stop(): Promise<{ requests: number; failures: readonly string[] }> } {
  let running = true;
  let requests = 0;
  const failures: string[] = [];
  const work = Array.from({ length: clients }, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (running) {
      requests++;
      try {
        const { status } = await ask(url, { agent });
        if (status !== 200) failures.push(`status ${status}`);
      } catch (error) {
        failures.push(String(error));
      }
    }
    agent.destroy();
  });
  return {
    stop: async () => {
      running = false;
      await Promise.all(work);
      return { requests, failures };
    },
  };
}
