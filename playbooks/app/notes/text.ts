/** Characters that a note may have: the width of its column. */
export const LONGEST_NOTE = 500;

/** A text that can be stored, or what is wrong with it. */
export type NoteText = { readonly text: string } | { readonly problem: string };

/** Trims a text and checks that it can be a note: 1 to 500 characters, no control characters but tabs and line ends. */
export function parseNoteText(input: unknown): NoteText {
  if (typeof input !== 'string') return { problem: 'the note must be a text' };
  const text = input.replaceAll('\r\n', '\n').trim();
  // MySQL counts code points, and so does Array.from.
  const length = Array.from(text).length;
  if (length === 0) return { problem: 'the note is empty' };
  if (length > LONGEST_NOTE) return { problem: `the note has ${length} characters, ${LONGEST_NOTE} are allowed` };
  if (/[^\P{Cc}\n\t]|\p{Cs}/u.test(text)) return { problem: 'the note holds control characters or half a character' };
  return { text };
}
