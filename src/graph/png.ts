import { toSvg } from './svg.js';
import type { Picture } from './picture.js';

/** Dots an inch: a picture of a screen's width is sharp on paper, too. SVG counts 72 of its own to the inch here. */
const DENSITY = 144;

/** A picture as PNG, on white: what the SVG shows, for where that cannot be used. Text is set in the machine's own fonts. */
export async function toPng(picture: Picture): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const svg = Buffer.from(await toSvg(picture));
  return sharp(svg, { density: DENSITY }).flatten({ background: '#ffffff' }).png().toBuffer();
}
