import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { openPage, type Page, type PageOptions } from './page.js';
import { pipeTo } from './pipe.js';

/** A browser without a window, spoken to in its own debugging protocol: it opens no port, and needs no package. */
export interface Browser {
  /** Loads an address into a new page, and waits until it is there. */
  open(url: string, options?: PageOptions): Promise<Page>;
  close(): Promise<void>;
}

/** What Chromium is called on Debian, on Ubuntu, and where somebody has Google's. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

const FLAGS = [
  '--headless',
  '--remote-debugging-pipe',
  // Tests may run as root, which its sandbox refuses; they load only what they wrote themselves.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--no-first-run',
  '--hide-scrollbars',
];

/** Starts the browser that is installed. Throws where there is none. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'provision-browser-'));
  const child = spawn(program(), [...FLAGS, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: profile },
  });
  await once(child, 'spawn');
  const pipe = pipeTo(child);
  return {
    open: (url, options = {}) => openPage(pipe, url, options),
    close: async () => {
      const ended = once(child, 'exit');
      await pipe.send('Browser.close').catch(() => child.kill());
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

function program(): string {
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => PROGRAMS.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`none of these programs is here: ${PROGRAMS.join(', ')}`);
  return found;
}
