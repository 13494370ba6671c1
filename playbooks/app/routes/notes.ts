import type { AppConfig } from '../config/config.js';
import { prefersHtml } from '../http/accept.js';
import type { Handler } from '../http/dispatch.js';
import { json, seeOther } from '../http/reply.js';
import type { NoteStore } from '../notes/store.js';
import { readNote } from './noteInput.js';

/** The newest notes, and which database they were read from. */
export function listNotes(config: AppConfig, store: NoteStore): Handler {
  return async () => {
    const { value: notes, server, role, degraded } = await store.newest();
    return json(200, { by: config.host, readFrom: server, role, ...(degraded === undefined ? {} : { degraded }), notes });
  };
}

/** Stores a note: 201 with its id, or, for a browser's form, back to the page. */
export function addNote(config: AppConfig, store: NoteStore): Handler {
  return async (request) => {
    const text = await readNote(request);
    const { value: id, server } = await store.add(text);
    if (prefersHtml(request.headers.accept)) return seeOther('/');
    return json(201, { id, by: config.host, db: server });
  };
}
