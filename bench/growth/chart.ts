import { scaleLog, type ScaleLogarithmic } from 'd3-scale';
import { line } from 'd3-shape';
import { OURS } from '../columns.js';
import { colour, INK, marked, opening, px } from '../page/svg.js';
import type { Curve, CurveOfTool } from '../results.js';
import { apart } from './labels.js';

/** All in pixels. */
const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 64;
const RIGHT = 540;
const TOP = 44;
const BOTTOM = 352;
const NAMES = RIGHT + 16;

/** The ticks of seconds that a reader can be shown. */
const SECONDS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500];

interface Axes {
  readonly x: ScaleLogarithmic<number, number>;
  readonly y: ScaleLogarithmic<number, number>;
}

/** A chart with logarithmic axes as SVG: a line a tool, named at its end. It has a ground of its own for dark pages. */
export function chart({ title, axis, tools }: Curve): string {
  const all = tools.flatMap(({ points }) => points);
  const steps = [...new Set(all.map(([at]) => at))];
  const times = all.map(([, seconds]) => seconds);
  const axes: Axes = {
    x: scaleLog([Math.min(...steps), Math.max(...steps)], [LEFT, RIGHT]),
    y: scaleLog([Math.min(...times) / 1.3, Math.max(...times) * 1.3], [BOTTOM, TOP]),
  };
  return [
    ...opening(WIDTH, HEIGHT, `Seconds by ${axis}: ${title}`, LEFT),
    ...steps.map((at) => xTick(axes, at)),
    ...SECONDS.map((seconds) => yTick(axes, seconds)),
    `<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="${INK}">${marked(axis)}</text>`,
    ...tools.map((each) => curve(axes, each)),
    ...names(axes, tools),
    '</svg>\n',
  ].join('\n');
}

function xTick({ x }: Axes, at: number): string {
  const place = px(x(at));
  return `<path d="M${place},${TOP}V${BOTTOM}" stroke="#eee"/><text x="${place}" y="${BOTTOM + 18}" text-anchor="middle" fill="${INK}">${at}</text>`;
}

function yTick({ y }: Axes, seconds: number): string {
  const [low = NaN, high = NaN] = y.domain();
  if (seconds < low || seconds > high) return '';
  const place = y(seconds);
  return `<path d="M${LEFT},${px(place)}H${RIGHT}" stroke="#eee"/><text x="${LEFT - 8}" y="${px(place + 4)}" text-anchor="end" fill="${INK}">${seconds} s</text>`;
}

function curve({ x, y }: Axes, { tool, points }: CurveOfTool): string {
  const path = line<readonly [number, number]>(
    ([at]) => x(at),
    ([, seconds]) => y(seconds),
  ).digits(1);
  const dots = points.map(([at, seconds]) => `<circle cx="${px(x(at))}" cy="${px(y(seconds))}" r="3.5"/>`);
  const stroke = `fill="none" stroke="${colour(tool)}" stroke-width="${tool === OURS ? 3 : 1.8}"`;
  return `<g fill="${colour(tool)}"><path d="${path(points) ?? ''}" ${stroke}/>${dots.join('')}</g>`;
}

/** The tools' names beside the ends of their lines, with a thin line to each. */
function names({ x, y }: Axes, tools: readonly CurveOfTool[]): readonly string[] {
  const ends = tools.flatMap(({ tool, points }) => {
    const last = points.at(-1);
    return last === undefined ? [] : [{ tool, left: x(last[0]), wanted: y(last[1]) }];
  });
  return apart(ends, BOTTOM).map(({ tool, left, wanted, place }) => {
    const lead = `<path d="M${px(left + 6)},${px(wanted)}L${NAMES - 4},${px(place)}" stroke="${colour(tool)}" stroke-width="0.7" stroke-dasharray="2 3"/>`;
    const weight = tool === OURS ? ' font-weight="bold"' : '';
    return `${lead}<text x="${NAMES}" y="${px(place + 4)}" fill="${colour(tool)}"${weight}>${marked(tool)}</text>`;
  });
}
