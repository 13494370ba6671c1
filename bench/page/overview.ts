import { scaleLog, type ScaleLogarithmic } from 'd3-scale';
import { FLOOR, FLOORS, OURS } from '../columns.js';
import type { Result, Series } from '../results.js';
import { colour, INK, marked, opening, px } from './svg.js';
import { median, ratio } from './table.js';

/** All in pixels. */
const WIDTH = 720;
const LEFT = 110;
const RIGHT = 690;
const LEGEND = 48;
const TOP = 68;
const ROW = 26;

/** The ticks that a reader can be shown. */
const TIMES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** A tool's place in a row. */
interface Dot {
  readonly tool: string;
  /** How many times as long as the floor it took. */
  readonly times: number;
  /** It was ended there, and would have taken longer. */
  readonly isEnded: boolean;
}

/** A workload, with what is asked of ours. */
export interface Row {
  readonly name: string;
  readonly result: Result;
}

type Scale = ScaleLogarithmic<number, number>;

/** A chart of all workloads as SVG: how many times as long as the floor each tool takes, on a logarithmic axis. */
export function overview(rows: readonly Row[]): string {
  const lines = rows.map(({ name, result }) => ({ name, asked: result.goal.asked, dots: dotsOf(result) }));
  const all = lines.flatMap(({ dots, asked }) => [asked, ...dots.map(({ times }) => times)]);
  const scale = scaleLog([Math.min(0.8, ...all), Math.max(...all) * 1.15], [LEFT, RIGHT]);
  const bottom = TOP + ROW * lines.length;
  const tools = [...new Set(lines.flatMap(({ dots }) => dots.map(({ tool }) => tool)))];
  return [
    ...opening(WIDTH, bottom + 44, `Times the ${FLOOR}, less is better`, 16),
    ...legend(tools),
    ...TIMES.map((times) => tick(scale, times, bottom)),
    ...lines.map(({ name, asked, dots }, index) => row(scale, TOP + ROW * (index + 0.5), { name, asked, dots })),
    '</svg>\n',
  ].join('\n');
}

function dotsOf({ series }: Result): readonly Dot[] {
  const floor = series.find(({ tool }) => tool === FLOOR);
  if (floor === undefined) return [];
  const shown = series.filter(({ tool }) => !FLOORS.includes(tool));
  // Ours last: it lies above the others.
  return [...shown.filter(({ tool }) => tool !== OURS), ...shown.filter(({ tool }) => tool === OURS)].flatMap((each) =>
    dotOf(each, floor),
  );
}

function dotOf(series: Series, floor: Series): readonly Dot[] {
  const { tool, runs, overdue } = series;
  if (runs.length > 0) return [{ tool, times: ratio(series, floor), isEnded: false }];
  return overdue === undefined ? [] : [{ tool, times: overdue / median(floor.runs.map(({ wall }) => wall)), isEnded: true }];
}

function legend(tools: readonly string[]): readonly string[] {
  const entries = [
    ...tools.map((tool) => ({ name: tool, mark: (x: number) => circle(x, LEGEND - 4, { tool, isEnded: false }) })),
    { name: 'asked', mark: (x: number) => askedAt(x, LEGEND - 4) },
    { name: 'ended there', mark: (x: number) => circle(x, LEGEND - 4, { tool: '', isEnded: true }) },
  ];
  let x = 20;
  return entries.map(({ name, mark }) => {
    const at = x;
    x += 28 + name.length * 6.6;
    return `${mark(at)}<text x="${px(at + 9)}" y="${LEGEND}" fill="${INK}">${marked(name)}</text>`;
  });
}

function tick(scale: Scale, times: number, bottom: number): string {
  const [low = NaN, high = NaN] = scale.domain();
  if (times < low || times > high) return '';
  const place = px(scale(times));
  const line = `<path d="M${place},${TOP}V${bottom}" stroke="${times === 1 ? '#0072b2' : '#eee'}"/>`;
  return `${line}<text x="${place}" y="${bottom + 18}" text-anchor="middle" fill="${INK}">${times} x</text>`;
}

function row(scale: Scale, y: number, line: { name: string; asked: number; dots: readonly Dot[] }): string {
  const name = `<text x="${LEFT - 12}" y="${px(y + 4)}" text-anchor="end" fill="${INK}">${marked(line.name)}</text>`;
  const rule = `<path d="M${LEFT},${px(y)}H${RIGHT}" stroke="#f3f3f3"/>`;
  return [name, rule, askedAt(scale(line.asked), y), ...line.dots.map((dot) => circle(scale(dot.times), y, dot))].join('');
}

const askedAt = (x: number, y: number): string => `<path d="M${px(x)},${px(y - 8)}v16" stroke="${INK}" stroke-width="2"/>`;

function circle(x: number, y: number, { tool, isEnded }: Pick<Dot, 'tool' | 'isEnded'>): string {
  const fill = isEnded ? `fill="#fff" stroke="${colour(tool)}" stroke-width="1.5"` : `fill="${colour(tool)}"`;
  return `<circle cx="${px(x)}" cy="${px(y)}" r="${tool === OURS ? 5.5 : 4}" ${fill}/>`;
}
