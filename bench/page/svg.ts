import { OURS } from '../columns.js';

/** By what a tool's name begins with: the same in all charts, told apart also by people who see few colours. Ours stands out. */
const COLOURS = [
  [OURS, '#d55e00'],
  ['floor', '#0072b2'],
  ['Ansible, tuned', '#009e73'],
  ['Ansible, Mitogen', '#b0568c'],
  ['Ansible', '#b07d00'],
] as const;

/** What is no tool's. */
export const INK = '#444';

export const colour = (tool: string): string => COLOURS.find(([name]) => tool.startsWith(name))?.[1] ?? INK;

/** A length in pixels, with as many digits as can be seen. */
export const px = (value: number): string => String(Number(value.toFixed(1)));

/** Text as it stands in an element. */
export const marked = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Begins a chart; it has a ground of its own for dark pages. */
export function opening(width: number, height: number, title: string, left: number): readonly string[] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img">`,
    `<title>${marked(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="6" fill="#fff"/>`,
    `<text x="${left}" y="24" font-size="14" fill="#111">${marked(title)}</text>`,
  ];
}
