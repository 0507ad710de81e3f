/** The whole space-time diagram, drawn with a pen: onto the canvas of the page, or into a file. */

import type { NodeId } from '../../core/id.ts';
import { printTime } from '../kit/print-number.ts';
import type { Look, Pen, TextLook } from '../kit/pen.ts';
import type { Scene } from '../stage/scene.ts';
import {
  drawGhosts,
  drawLines,
  drawMarks,
  flightsIn,
  ghostsIn,
  linesOf,
  marksIn,
  type LanesLine,
  type LanesMark,
  type Sheet,
} from './draw-lanes.ts';
import { placeIn, type LightCone } from './light-cone.ts';
import type { Span } from './parley-minimap.ts';
import { ticks } from './time-window.ts';

export const LABEL_WIDTH = 64;
export const RIGHT_MARGIN = 14;
export const AXIS_HEIGHT = 22;
/** Room for the time beside the cursor. */
const NOW_WIDTH = 60;
/** Between two ticks, about. */
const TICK_WIDTH = 120;
/** A stretch of a lane that is shorter has no room for the word. */
const WORD_WIDTH = 90;

/** What is drawn, and where. */
export interface LanesFrame {
  readonly scene: Scene;
  readonly span: Span;
  readonly cone: LightCone | undefined;
  readonly width: number;
  readonly height: number;
  readonly laneHeight: number;
  /** How far the lanes are scrolled up beneath the axis. */
  readonly scrolled: number;
}

/** What can be reached of what was drawn. */
export interface LanesDrawn {
  readonly lines: readonly LanesLine[];
  readonly marks: readonly LanesMark[];
  readonly ghosts: number;
  /** One of so many messages is drawn. */
  readonly every: number;
}

const TICK: Look = { stroke: 'var(--parley-line)', dash: [1, 4] };
const LANE: Look = { stroke: 'var(--parley-line-2)' };
const CURSOR: Look = { stroke: 'var(--parley-accent)', width: 1.6 };
const PAST: Look = { stroke: 'var(--parley-accent)', width: 2, alpha: 0.8 };
const FUTURE: Look = { ...PAST, dash: [6, 4] };
const MONO = '0.6563rem var(--parley-mono)';
const TIME: TextLook = { fill: 'var(--parley-ink-3)', font: MONO };
const NOW: TextLook = {
  ...{ fill: 'var(--parley-accent)', font: `600 ${MONO}`, rim: 'var(--parley-surface)' },
};
const LABEL: TextLook = {
  ...{ fill: 'var(--parley-ink)', font: '600 0.71875rem var(--parley-sans)' },
};
const CHOSEN: TextLook = { ...LABEL, fill: 'var(--parley-accent)' };
const WORD: TextLook = {
  ...{ fill: 'var(--parley-ink-3)', font: '0.6563rem var(--parley-sans)' },
  rim: 'var(--parley-surface)',
};

/** Draws the diagram. */
export function drawLanesPicture(pen: Pen, frame: LanesFrame): LanesDrawn {
  const { scene, span, width, height, laneHeight, scrolled, cone } = frame;
  const { viewer } = scene;
  const scale = (width - LABEL_WIDTH - RIGHT_MARGIN) / (span.to - span.from);
  const x = (time: number): number => LABEL_WIDTH + (time - span.from) * scale;
  const rows = new Map<NodeId, number>();
  for (const [row, { id }] of scene.nodes.entries()) {
    rows.set(id, AXIS_HEIGHT + laneHeight * (row + 0.5) - scrolled);
  }
  const sheet: Sheet = {
    ...{ scene, span, x, y: (id) => rows.get(id) },
    coneOf: cone === undefined ? undefined : (index, node) => placeIn(cone, index, node),
  };
  const now = x(viewer.cursor.time);
  drawAxis(pen, frame, x, now);
  pen.within(0, AXIS_HEIGHT - 4, width, height - AXIS_HEIGHT + 4);
  drawLanes(pen, frame, rows);
  pen.within(LABEL_WIDTH - 6, AXIS_HEIGHT - 4, width - LABEL_WIDTH + 6, height - AXIS_HEIGHT + 4);
  if (cone !== undefined) drawCone(pen, frame, rows, cone, x);
  const { flights, every } = flightsIn(sheet);
  const ghosts = ghostsIn(sheet);
  drawGhosts(pen, sheet, ghosts);
  const isSeen = ({ y1, y2 }: LanesLine) => Math.max(y1, y2) > 0 && Math.min(y1, y2) < height;
  const lines = linesOf(sheet, flights).filter(isSeen);
  drawLines(pen, sheet, lines);
  const marks = marksIn(sheet).filter(({ y }) => y > 0 && y < height);
  drawMarks(pen, marks);
  pen.within(0, 0, width, height);
  pen.use(CURSOR);
  pen.move(now, 14);
  pen.line(now, height);
  pen.text(printTime(viewer.cursor.time), Math.min(now + 5, width - 66), 12, NOW);
  pen.end();
  return { lines, marks, ghosts: ghosts.length, every };
}

function drawAxis(pen: Pen, frame: LanesFrame, x: (time: number) => number, now: number): void {
  const { span, width, height } = frame;
  const times = ticks(span, width / TICK_WIDTH);
  pen.use(TICK);
  for (const time of times) {
    pen.move(x(time), 16);
    pen.line(x(time), height);
  }
  for (const time of times) {
    const at = x(time);
    // No label under that of the cursor, nor one cut off at the edge.
    if (Math.abs(at - now) < NOW_WIDTH || at > width - NOW_WIDTH) continue;
    pen.text(printTick(time), at + 4, 12, TIME);
  }
}

function drawLanes(pen: Pen, frame: LanesFrame, rows: ReadonlyMap<NodeId, number>): void {
  const { scene, width, height } = frame;
  const { selection } = scene.viewer;
  const seen = [...rows].filter(([, y]) => y > 0 && y < height);
  pen.use(LANE);
  for (const [, y] of seen) {
    pen.move(LABEL_WIDTH - 6, y);
    pen.line(width - RIGHT_MARGIN, y);
  }
  for (const [id, y] of seen) {
    const isChosen = selection?.kind === 'node' && selection.node === id;
    pen.text(id.length > 7 ? `${id.slice(0, 6)}…` : id, 12, y + 4, isChosen ? CHOSEN : LABEL);
  }
}

/** What led to the tip as a solid stretch of each lane, what came of it as a dashed one; what lies between is named, once. */
function drawCone(
  pen: Pen,
  { scene, span, width, height }: LanesFrame,
  rows: ReadonlyMap<NodeId, number>,
  { past, future }: LightCone,
  x: (time: number) => number,
): void {
  const { events, endTime } = scene.viewer.recording;
  const left = Math.max(x(Math.max(span.from, 0)), LABEL_WIDTH);
  const right = Math.min(x(Math.min(span.to, endTime)), width - RIGHT_MARGIN);
  const bounds = [...rows].flatMap(([id, y]) => {
    if (y <= 0 || y >= height) return [];
    const [last, first] = [past.get(id), future.get(id)];
    const from = last === undefined ? left : Math.max(left, x(events[last]!.time));
    const to = first === undefined ? right : Math.min(right, x(events[first]!.time));
    return [{ y, from, to }];
  });
  pen.use(PAST);
  for (const { y, from } of bounds) if (from > left) segment(pen, left, Math.min(from, right), y);
  pen.use(FUTURE);
  for (const { y, to } of bounds) if (to < right) segment(pen, Math.max(to, left), right, y);
  const widest = bounds.toSorted((a, b) => b.to - b.from - (a.to - a.from))[0];
  if (widest === undefined || widest.to - widest.from < WORD_WIDTH) return;
  pen.text('concurrent', (widest.from + widest.to) / 2 - WORD_WIDTH / 3, widest.y - 5, WORD);
}

function segment(pen: Pen, from: number, to: number, y: number): void {
  pen.move(from, y);
  pen.line(to, y);
}

function printTick(time: number): string {
  // The distances are round numbers: what stands behind the third decimal is the machine's.
  return `${Math.round(time * 1000) / 1000} ms`;
}
