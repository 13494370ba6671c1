import type { IncomingMessage } from 'node:http';
import type { AppConfig } from '../config/config.js';
import { isUnavailable } from '../db/errors.js';
import { prefersHtml } from '../http/accept.js';
import type { Handler } from '../http/dispatch.js';
import { json } from '../http/reply.js';
import type { NoteStore } from '../notes/store.js';
import { CONTENT_SECURITY_POLICY, renderPage, type NotesOnPage } from '../page/page.js';

/** Which server answered, as JSON; for a browser as a page with the notes. */
export function home(config: AppConfig, store: NoteStore): Handler {
  return async (request) => {
    const facts = { site: config.site, by: config.host, release: config.release, proto: protocolOf(request) };
    if (!prefersHtml(request.headers.accept)) return json(200, facts, { vary: 'accept' });
    const body = renderPage(facts, await notesOnPage(store));
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'referrer-policy': 'same-origin',
      vary: 'accept',
    };
    return { status: 200, headers, body };
  };
}

/** The page says which server answered also when no database does. */
async function notesOnPage(store: NoteStore): Promise<NotesOnPage> {
  try {
    return await store.newest();
  } catch (error) {
    if (isUnavailable(error)) return { unavailable: error.code };
    throw error;
  }
}

/** How the visitor came, as the proxy in front says it: only a proxy can reach the application. */
function protocolOf(request: IncomingMessage): 'http' | 'https' {
  return request.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
}
