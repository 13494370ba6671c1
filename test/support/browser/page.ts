import type { Pipe } from './pipe.js';

export interface PageOptions {
  /** What the reader prefers. Default light. */
  readonly scheme?: 'light' | 'dark';
  /** Of the window, in CSS pixels. Default 1200. */
  readonly width?: number;
  /** Whether scripts run. Default true. */
  readonly script?: boolean;
}

export interface Page {
  /** The value of a JavaScript expression in the page, as JSON has it. */
  evaluate(expression: string): Promise<unknown>;
  /** A picture of the whole page, as PNG. */
  picture(): Promise<Buffer>;
  /** Presses a key as a person does: `Tab`, `Enter`. */
  press(key: 'Tab' | 'Enter'): Promise<void>;
  /** Messages on the console, exceptions, and what the page's own policy has refused. */
  readonly problems: readonly string[];
  /** Every address that the page asked for, its own too. */
  readonly requests: readonly string[];
}

const KEYS = { Tab: { windowsVirtualKeyCode: 9 }, Enter: { windowsVirtualKeyCode: 13, text: '\r' } };

/** Opens a page in a browser, and waits until all of it has loaded. */
export async function openPage(pipe: Pipe, url: string, options: PageOptions): Promise<Page> {
  const { targetId } = await pipe.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await pipe.send('Target.attachToTarget', { targetId, flatten: true });
  if (typeof sessionId !== 'string') throw new Error('the browser gave no session');
  const send = (method: string, params: object = {}) => pipe.send(method, params, sessionId);
  const problems: string[] = [];
  const requests: string[] = [];
  const loaded = new Promise<void>((resolve) => {
    pipe.listen(({ method, session, params }) => {
      if (session !== sessionId) return;
      if (method === 'Page.loadEventFired') resolve();
      if (method === 'Network.requestWillBeSent') requests.push(String((params['request'] as { url?: string } | undefined)?.url));
      if (PROBLEMS.includes(method)) problems.push(JSON.stringify(params));
    });
  });
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await send(`${domain}.enable`);
  const { scheme = 'light', width = 1200, script = true } = options;
  await send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
  await send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
  if (!script) await send('Emulation.setScriptExecutionDisabled', { value: true });
  const { errorText } = await send('Page.navigate', { url });
  if (errorText !== undefined) throw new Error(`${url}: ${JSON.stringify(errorText)}`);
  await loaded;
  return {
    problems,
    requests,
    evaluate: async (expression) => {
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression,
        returnByValue: true,
        awaitPromise: true,
      });
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return (result as { value?: unknown }).value;
    },
    picture: async () => {
      const { data } = await send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
      return Buffer.from(String(data), 'base64');
    },
    press: async (key) => {
      const event = { key, code: key, ...KEYS[key] };
      await send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
      await send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
    },
  };
}

const PROBLEMS = ['Runtime.consoleAPICalled', 'Runtime.exceptionThrown', 'Log.entryAdded'];
