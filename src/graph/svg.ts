import { instance } from '@viz-js/viz';
import { toDot } from './dot.js';
import type { Picture } from './picture.js';

/** A picture as SVG, laid out by Graphviz. Its size is that of its view box, so that a page decides how large it is shown. */
export async function toSvg(picture: Picture): Promise<string> {
  const svg = (await instance()).renderString(toDot(picture), { format: 'svg' });
  const names = picture.hosts.map(({ name }) => name).join(', ');
  return svg
    .replaceAll('&#45;', '-')
    .replace(/<svg width="[^"]*" height="[^"]*"/, `<svg role="img" aria-label="${escape(names)}"`);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
