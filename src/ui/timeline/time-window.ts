/** Which stretch of time the space-time diagram shows: pure arithmetic over (length, start, cursor). */

import type { Span } from './parley-minimap.ts';

/** How many usual journeys are seen at once, so that lines keep a readable slope. */
const JOURNEYS = 18;
/** Zooming goes by this factor. */
const ZOOM = 1.5;
/** The shortest stretch, in milliseconds. */
const LENGTH_MIN = 0.05;
/** Room kept free behind the last event, as a part of the stretch. */
const AFTER_END = 0.04;
/** The cursor is kept between these parts of the stretch. */
const CURSOR_MIN = 0.08;
const CURSOR_MAX = 0.72;

/** A good length to begin with: the whole run when it is short. */
export function initialLength(typicalJourney: number, endTime: number): number {
  const whole = endTime * (1 + AFTER_END) || 1;
  return typicalJourney === 0 ? whole : Math.min(whole, typicalJourney * JOURNEYS);
}

/** Moves `from` so that `time` is in view, as little as possible, and not before the run. */
export function keepInView(from: number, length: number, time: number, endTime: number): number {
  const most = Math.max(0, endTime * 1 + length * AFTER_END - length);
  const least = time - length * CURSOR_MAX;
  const wanted = Math.min(Math.max(from, least), time - length * CURSOR_MIN);
  return Math.max(0, Math.min(wanted, Math.max(most, least)));
}

/** Longer (1) or shorter (−1), around `centre`. */
export function zoomed(span: Span, direction: 1 | -1, centre: number, endTime: number): Span {
  const length = span.to - span.from;
  const wanted = direction === 1 ? length * ZOOM : length / ZOOM;
  const next = Math.max(LENGTH_MIN, Math.min(wanted, Math.max(endTime * (1 + AFTER_END), 1)));
  const part = (centre - span.from) / length;
  const from = Math.max(0, centre - next * part);
  return { from, to: from + next };
}

/** Round times inside a span, about `count` of them. */
export function ticks({ from, to }: Span, count: number): number[] {
  const raw = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const distance = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const result: number[] = [];
  for (let i = Math.ceil(from / distance); i * distance <= to; i++) result.push(i * distance);
  return result;
}
