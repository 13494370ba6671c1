import type { IncomingMessage } from 'node:http';
import { decodeUtf8, readBody } from '../http/body.js';
import { HttpError } from '../http/failure.js';
import { parseNoteText } from '../notes/text.js';

/** Bytes of a body: room for 500 characters of four bytes, in JSON or percent-encoded. */
const LARGEST_BODY = 10_000;

/**
 * The note that a request brings: as plain text, as `{"text": …}` in JSON, or as the field `text` of a form. A form
 * without that field is taken as plain text, which is what `curl -d 'a note'` sends.
 * @throws {HttpError} 400, 413 or 415, saying what is wrong.
 */
export async function readNote(request: IncomingMessage): Promise<string> {
  const type = mediaType(request);
  const body = decodeUtf8(await readBody(request, LARGEST_BODY));
  const note = parseNoteText(extract(type, body));
  if ('problem' in note) throw new HttpError(400, note.problem);
  return note.text;
}

type MediaType = 'text/plain' | 'application/json' | 'application/x-www-form-urlencoded';

function mediaType(request: IncomingMessage): MediaType {
  const type = (request.headers['content-type'] ?? 'text/plain').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'text/plain' || type === 'application/json' || type === 'application/x-www-form-urlencoded') return type;
  throw new HttpError(415, 'a note is sent as text/plain, application/json or application/x-www-form-urlencoded');
}

function extract(type: MediaType, body: string): unknown {
  if (type === 'text/plain') return body;
  if (type === 'application/json') return fieldOf(parseJson(body));
  return new URLSearchParams(body).get('text') ?? body;
}

function fieldOf(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && 'text' in value) return value.text;
  throw new HttpError(400, 'the JSON has no field "text"');
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
}
