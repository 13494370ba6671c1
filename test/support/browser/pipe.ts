import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/** What the browser tells without being asked. */
export interface BrowserEvent {
  readonly method: string;
  readonly session: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Sends commands of the browser's debugging protocol, in a page's session where one is named. */
export interface Pipe {
  send(method: string, params?: object, session?: string): Promise<Readonly<Record<string, unknown>>>;
  listen(listener: (event: BrowserEvent) => void): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Speaks the protocol over the descriptors 3 and 4 of a browser: JSON, each message ended by a zero byte. */
export function pipeTo(child: ChildProcess): Pipe {
  const [commands, answers] = [child.stdio[3], child.stdio[4]];
  if (!(commands instanceof Socket) || !(answers instanceof Socket)) throw new Error('the browser has no pipes');
  const waiting = new Map<number, (message: Message) => void>();
  const listeners: ((event: BrowserEvent) => void)[] = [];
  let last = 0;
  let ended: string | undefined;
  const end = (why: string): void => {
    ended ??= why;
    for (const answer of waiting.values()) answer({ error: { message: why } });
    waiting.clear();
  };
  const receive = ({ id, method, sessionId, params = {}, ...rest }: Message): void => {
    if (id !== undefined) {
      waiting.get(id)?.(rest);
      waiting.delete(id);
    } else if (method !== undefined) {
      for (const listener of listeners) listener({ method, session: sessionId, params });
    }
  };
  let text = '';
  answers.setEncoding('utf8').on('data', (more: string) => {
    const messages = (text + more).split('\0');
    text = messages.pop() ?? '';
    for (const message of messages) receive(JSON.parse(message) as Message);
  });
  commands.on('error', (error) => {
    end(error.message);
  });
  child.once('exit', (code, signal) => {
    end(`the browser has ended with ${code ?? signal ?? 'nothing'}`);
  });
  return {
    listen: (listener) => {
      listeners.push(listener);
    },
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) throw new Error(`${method}: ${ended}`);
        const id = ++last;
        waiting.set(id, ({ result = {}, error }) => {
          if (error === undefined) resolve(result);
          else reject(new Error(`${method}: ${error.message}`));
        });
        commands.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      }),
  };
}
