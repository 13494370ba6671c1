/**
 * What a read depends on and what a change touches: `kind:name`, as in `package:nginx`, `unit:nginx.service`,
 * `path:/etc/hosts`. `kind:*` is all of a kind, `path:/etc/nginx/**` a folder with all in it, `*` everything.
 */
export type Topic = `${string}:${string}` | '*';

/** Whether a change to one topic can alter what the other stands for. */
export function overlaps(a: Topic, b: Topic): boolean {
  if (a === b || a === '*' || b === '*') return true;
  const [kindA, nameA] = split(a);
  const [kindB, nameB] = split(b);
  if (kindA !== kindB) return false;
  return nameA === '*' || nameB === '*' || covers(nameA, nameB) || covers(nameB, nameA);
}

function split(topic: string): [string, string] {
  const colon = topic.indexOf(':');
  return [topic.slice(0, colon), topic.slice(colon + 1)];
}

/** `/a/**` covers `/a`, `/a/b` and `/a/b/**`. */
function covers(pattern: string, name: string): boolean {
  if (!pattern.endsWith('/**')) return false;
  const folder = pattern.slice(0, -3);
  return name === folder || name.startsWith(`${folder}/`);
}
