import { readFileSync } from 'node:fs';
import { declarationOf } from '../templates/declaration.js';
import { piecesOf } from '../templates/tags.js';
import { toTypeScript } from '../templates/toTypeScript.js';

/** What a check reads instead of the files on the disk, where it answers. For what is not saved. */
export interface Overlay {
  readonly read: (path: string) => string | undefined;
}

export const NO_OVERLAY: Overlay = { read: () => undefined };

/** What a template is called among a compiler's files. */
const SUFFIX = '.$template.ts';

/** A compiler's name for a template. */
export function templateModule(path: string): string {
  return path + SUFFIX;
}

/** The path of the template that a compiler's file was made of; undefined for a module. */
export function templatePath(fileName: string): string | undefined {
  return fileName.endsWith(SUFFIX) ? fileName.slice(0, -SUFFIX.length) : undefined;
}

/** What a compiler reads under a name that is not simply a file on the disk: a template as a module, or a text that is not saved. */
export function textBehind(fileName: string, overlay: Overlay): string | undefined {
  const template = templatePath(fileName);
  if (template === undefined) return overlay.read(fileName);
  const text = textOf(template, overlay);
  return toTypeScript(declarationOf(text), piecesOf(text));
}

/** A file's own text: a template's as it is. */
export function textOf(path: string, overlay: Overlay): string {
  return overlay.read(path) ?? readFileSync(path, 'utf8');
}
