/** Reads numbers as people write them: `10%`, `2s`, `5-50`, `64kB/s`. */

import { uniform, type Distribution } from './distribution.ts';
import type { Place } from './place.ts';

/** A day: longer than any run. Above it a unit was probably mistaken. */
export const TIME_MS_MAX = 86_400_000;

const NUMBER = String.raw`\d+(?:\.\d+)?|\.\d+`;
const SHARE = new RegExp(`^(-?(?:${NUMBER}))\\s*(%?)$`);
const DURATION = new RegExp(`^(-?(?:${NUMBER}))\\s*([a-z]*)$`);
const RANGE = new RegExp(`^((?:${NUMBER})\\s*[a-z]*)\\s*-\\s*((?:${NUMBER})\\s*[a-z]*)$`);
const RATE = new RegExp(`^(${NUMBER})\\s*(B|kB|MB|GB)?(?:/s)?$`);

const UNITS_MS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['min', 60_000],
  ['h', 3_600_000],
]);

const UNITS_BYTES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1000],
  ['MB', 1_000_000],
  ['GB', 1_000_000_000],
]);

/** A part of all cases, from 0 to 1; undefined when it is missing or wrong. */
export function readShare(place: Place, min = 0): number | undefined {
  if (place.isMissing) return undefined;
  const share = shareOf(place.value);
  if (share === undefined) return place.problem('a share is a number from 0 to 1, or 10%');
  if (share >= min && share <= 1) return share;
  return place.problem(`a share lies between ${min} and 1 (100%); this is ${share}`);
}

function shareOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  const match = typeof value === 'string' ? SHARE.exec(value.trim()) : null;
  if (match === null) return undefined;
  return Number(match[1]) / (match[2] === '%' ? 100 : 1);
}

/** Milliseconds; undefined when they are missing or wrong. */
export function readDuration(place: Place, min = 0): number | undefined {
  if (place.isMissing) return undefined;
  const ms = durationOf(place.value);
  if (typeof ms === 'string') return place.problem(ms);
  if (ms < min) return place.problem(`a time is not negative; this is ${ms} ms`);
  if (ms > TIME_MS_MAX) return place.problem(`a time is at most a day; this is ${ms} ms`);
  // Whole microseconds, as all times.
  return Math.round(ms * 1000) / 1000;
}

/** Milliseconds, or what is wrong. */
function durationOf(value: unknown): number | string {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const match = typeof value === 'string' ? DURATION.exec(value.trim()) : null;
  if (match === null) return 'a time is a number of milliseconds, or a number with ms, s, m or h';
  const unit = UNITS_MS.get(match[2]!);
  if (unit === undefined) return `there is no unit '${match[2]}'; write ms, s, m or h`;
  return Number(match[1]) * unit;
}

/** A distribution of milliseconds; undefined when it is missing or wrong. */
export function readSpread(place: Place): Distribution | undefined {
  if (place.isMissing) return undefined;
  if (place.isMap) return readNamedSpread(place);
  const match = typeof place.value === 'string' ? RANGE.exec(place.value.trim()) : null;
  if (match === null) {
    const value = readDuration(place);
    return value === undefined ? undefined : { kind: 'constant', value };
  }
  // In `1-2s` the unit is meant for both.
  const unit = /[a-z]+$/.exec(match[2]!)?.[0] ?? '';
  const min = durationOf(/[a-z]$/.test(match[1]!) ? match[1] : `${match[1]}${unit}`);
  const max = durationOf(match[2]);
  if (typeof min === 'string') return place.problem(min);
  if (typeof max === 'string') return place.problem(max);
  return readBounds(place, min, max);
}

const SPREAD_KINDS = ['constant', 'uniform', 'exponential', 'normal'] as const;

function readNamedSpread(place: Place): Distribution | undefined {
  const fields = place.fields([...SPREAD_KINDS, 'deviation', 'min', 'max']);
  if (fields === undefined) return undefined;
  const named = SPREAD_KINDS.filter((kind) => !fields[kind].isMissing);
  if (named.length > 1) return place.problem(`one distribution, not ${named.join(' and ')}`);
  const [kind] = named;
  if (kind !== 'normal' && !fields.deviation.isMissing) {
    return fields.deviation.key.problem(`'deviation' belongs to a normal distribution`);
  }
  const min = fields.min.isMissing ? 0 : readDuration(fields.min);
  const max = fields.max.isMissing ? TIME_MS_MAX : readDuration(fields.max);
  if (min === undefined || max === undefined) return undefined;
  if (min > max) return fields.min.problem(`the smaller number is 'min'`);
  switch (kind) {
    case undefined:
      if (!fields.min.isMissing && !fields.max.isMissing) return uniform({ min, max });
      return place.problem(`which distribution? One of ${SPREAD_KINDS.join(', ')}, or 5-50`);
    case 'constant': {
      const value = readDuration(fields.constant);
      return value === undefined ? undefined : { kind, value };
    }
    case 'uniform':
      return readUniform(fields.uniform);
    case 'exponential': {
      const mean = readDuration(fields.exponential);
      return mean === undefined ? undefined : { kind, mean, min, max };
    }
    case 'normal': {
      const mean = readDuration(fields.normal);
      const deviation = readDuration(fields.deviation);
      if (fields.deviation.isMissing) {
        return place.problem(`a normal distribution has a 'deviation' too`);
      }
      if (mean === undefined || deviation === undefined) return undefined;
      return { kind, mean, deviation, min, max };
    }
  }
}

function readUniform(place: Place): Distribution | undefined {
  const ends = place.items();
  if (ends.length !== 2) return place.problem('a uniform distribution has two ends: [5, 50]');
  const [min, max] = [readDuration(ends[0]!), readDuration(ends[1]!)];
  return min === undefined || max === undefined ? undefined : readBounds(place, min, max);
}

function readBounds(place: Place, min: number, max: number): Distribution | undefined {
  if (min > max) return place.problem(`the smaller number comes first: ${max}-${min}`);
  if (max > TIME_MS_MAX) return place.problem(`a time is at most a day; this is ${max} ms`);
  return uniform({ min, max });
}

/** Bytes a second; undefined when they are missing or wrong. */
export function readRate(place: Place): number | undefined {
  if (place.isMissing) return undefined;
  const { value } = place;
  const match = typeof value === 'string' ? RATE.exec(value.trim()) : null;
  const rate =
    match === null ? value : Number(match[1]) * (UNITS_BYTES.get(match[2] ?? 'B') as number);
  if (typeof rate === 'number' && Number.isFinite(rate) && rate > 0) return rate;
  return place.problem('a bandwidth is a number of bytes a second above 0, or 64kB/s, 1MB/s');
}

/** The shortest time that a distribution gives. */
export function shortest(distribution: Distribution): number {
  return distribution.kind === 'constant' ? distribution.value : distribution.min;
}

/** The longest time that a distribution gives. */
export function longest(distribution: Distribution): number {
  return distribution.kind === 'constant' ? distribution.value : distribution.max;
}
