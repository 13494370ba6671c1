import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { release } from './release.js';
import { until } from './until.js';

/** A running application. */
export interface App {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** What it wrote so far, stdout and stderr. */
  readonly output: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** An environment in which no database answers: port 1 of the loopback refuses. */
export const NO_DATABASE = { DB_HOSTS: '127.0.0.1:1', DB_USER: 'app', DB_PASSWORD: 'none', DB_NAME: 'app' };

/** A process of the release, with this environment and no other. */
export async function spawnApp(environment: Record<string, string>): Promise<Omit<App, 'url' | 'port'>> {
  const folder = await release();
  // APP_NODE: another Node for the application than the one that runs the tests.
  const child = spawn(process.env.APP_NODE ?? process.execPath, ['server.js'], { cwd: folder, env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return { output: () => output, signal: (name) => void child.kill(name), ended };
}

/** Starts the application on a free port, and waits until it listens. */
export async function startApp(environment: Record<string, string>): Promise<App> {
  const child = await spawnApp({ PORT: '0', DRAIN_SECONDS: '0', ...environment });
  let over = false;
  void child.ended.then(() => (over = true));
  const port = await until('the application listens', () => {
    const match = /listens on .*:(\d+)/.exec(child.output());
    return Promise.resolve(match?.[1] ?? (over ? '' : undefined));
  });
  if (port === '') throw new Error(`the application ended: ${child.output()}`);
  return { ...child, port: Number(port), url: `http://127.0.0.1:${port}` };
}

/** Ends it, and waits for it. */
export async function stopApp(app: App | undefined): Promise<void> {
  app?.signal('SIGKILL');
  await app?.ended;
}

/** The JSON object of an answer. */
export async function jsonOf(response: Response): Promise<Record<string, unknown>> {
  const value: unknown = await response.json();
  if (typeof value !== 'object' || value === null) throw new Error('the answer is no JSON object');
  return { ...value };
}
