import { createHash } from 'node:crypto';
import type { Read } from '../db/cluster.js';
import type { Note } from '../notes/store.js';
import { LONGEST_NOTE } from '../notes/text.js';
import { markup, type Markup } from './markup.js';
import { STYLE } from './style.js';

/** Which server answered, and how. */
export interface PageFacts {
  readonly site: string;
  readonly by: string;
  readonly release: string;
  readonly proto: string;
}

/** The notes, or the code of the error for which there are none. */
export type NotesOnPage = Read<readonly Note[]> | { readonly unavailable: string };

/** What the page may do: show its own style and icon, and send its form. No script runs on it, whatever a note holds. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "img-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page: which server answered, a form for a note, the newest notes. */
export function renderPage(facts: PageFacts, notes: NotesOnPage): string {
  return markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${facts.site}</title>
<link rel="icon" href="/static/icon.svg">
<style>${{ html: STYLE }}</style>
<main>
<h1>${facts.site}</h1>
<dl>
<div class="by"><dt>answered by</dt><dd>${facts.by}</dd></div>
<div><dt>release</dt><dd>${facts.release}</dd></div>
<div><dt>protocol</dt><dd>${facts.proto}</dd></div>
</dl>
<h2>Notes</h2>
<form method="post" action="/notes">
<input name="text" aria-label="A new note" placeholder="A new note" maxlength="${LONGEST_NOTE}" required autocomplete="off">
<button>Add</button>
</form>
${renderNotes(notes)}
</main>
</html>
`.html;
}

function renderNotes(notes: NotesOnPage): Markup {
  if ('unavailable' in notes) return markup`<p class="from">The notes cannot be read now (${notes.unavailable}).</p>`;
  return markup`<ol>${notes.value.map(renderNote)}</ol>
<p class="from">${notes.value.length === 0 ? 'No notes yet; asked' : 'Read from'} the ${notes.role} ${notes.server}.</p>`;
}

function renderNote(note: Note): Markup {
  return markup`<li>${note.text}<small>#${note.id}, ${note.createdAt.slice(0, 19).replace('T', ' ')} UTC, taken by ${note.host}</small></li>
`;
}
