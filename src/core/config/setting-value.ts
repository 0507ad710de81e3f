/**
 * One setting: its value as plain data, validated by its schema.
 *
 * YAML guesses types (`broadcast_value: 123` is a number, `max_hops: "3"` a text), and the schema knows better. A value is
 * first taken as YAML reads it. Where the schema refuses that, the same text is read the other way: a text as the number or
 * boolean that it would be without quotes, a number or boolean as the text that was written. A null that the schema refuses
 * counts as not written, so the default holds.
 */

import type { StandardSchemaV1 } from '@standard-schema/spec';
import { messageOf } from '../errors.ts';
import { check, explain, type Schema } from '../schema.ts';
import type { ProblemList } from './problem-list.ts';
import {
  entryRange,
  isNull,
  type YamlEntry,
  type YamlScalar,
  type YamlValue,
} from './yaml-tree.ts';

/**
 * Reads and validates one setting.
 *
 * @param name as it is called in messages, e.g. `broadcast.fanout`
 * @returns undefined when it is not valid; why is in `problems`
 */
export function readSetting(
  entry: YamlEntry,
  schema: Schema,
  name: string,
  problems: ProblemList,
): unknown {
  try {
    const result = validate(entry.value, schema);
    if (result.issues === undefined) return result.value;
    report(result.issues, entry, schema, name, problems);
  } catch (error) {
    problems.error(entryRange(entry), `'${name}': ${messageOf(error)}`);
  }
  return undefined;
}

function validate(written: YamlValue, schema: Schema): StandardSchemaV1.Result<unknown> {
  const first = check(schema, toPlain(written));
  if (first.issues === undefined) return first;
  if (isNull(written)) {
    const absent = check(schema, undefined);
    return absent.issues === undefined ? absent : first;
  }
  const readings = otherReadings(written, first.issues);
  if (readings.size === 0) return first;
  const second = check(schema, toPlain(written, readings));
  // Fewer complaints mean that what is left is what is really wrong.
  const better = second.issues === undefined || second.issues.length < first.issues.length;
  return better ? second : first;
}

/** The scalars that the schema complains of, with what their text could mean instead. */
function otherReadings(
  written: YamlValue,
  issues: readonly StandardSchemaV1.Issue[],
): Map<YamlScalar, unknown> {
  const readings = new Map<YamlScalar, unknown>();
  for (const issue of issues) {
    const place = valueAt(written, issue);
    if (place.kind !== 'scalar') continue;
    const reading = otherReading(place);
    if (reading !== undefined) readings.set(place, reading);
  }
  return readings;
}

const DECIMAL = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

function otherReading({ value, source }: YamlScalar): string | number | boolean | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return source;
  if (value === 'true' || value === 'false') return value === 'true';
  if (value === null || !DECIMAL.test(value)) return undefined;
  return Number.isFinite(Number(value)) ? Number(value) : undefined;
}

function report(
  issues: readonly StandardSchemaV1.Issue[],
  entry: YamlEntry,
  schema: Schema,
  name: string,
  problems: ProblemList,
): void {
  for (const issue of issues) {
    const place = valueAt(entry.value, issue);
    if (place.kind === 'broken') continue;
    const range = place === entry.value ? entryRange(entry) : place.range;
    const text = `'${name}': ${explain([issue])}`;
    problems.error(range, text, () => {
      return place === entry.value ? booleanMeant(place, schema) : undefined;
    });
  }
}

/** `yes` and `no` were booleans until YAML 1.2, and still are for many. */
function booleanMeant(place: YamlValue, schema: Schema): string | undefined {
  if (place.kind !== 'scalar' || typeof place.value !== 'string') return undefined;
  const meant = /^(yes|y|on)$/i.test(place.value);
  if (!meant && !/^(no|n|off)$/i.test(place.value)) return undefined;
  return check(schema, meant).issues === undefined ? String(meant) : undefined;
}

/** The innermost value that an issue's path leads to. */
function valueAt(written: YamlValue, issue: StandardSchemaV1.Issue): YamlValue {
  let place = written;
  for (const part of issue.path ?? []) {
    const key = typeof part === 'object' ? part.key : part;
    let next: YamlValue | undefined;
    if (place.kind === 'list') next = place.items[Number(key)];
    if (place.kind === 'map') next = place.entries.get(String(key))?.value;
    if (next === undefined) return place;
    place = next;
  }
  return place;
}

function toPlain(written: YamlValue, readings?: ReadonlyMap<YamlScalar, unknown>): unknown {
  if (written.kind === 'scalar') {
    return readings?.has(written) ? readings.get(written) : written.value;
  }
  if (written.kind === 'list') return written.items.map((item) => toPlain(item, readings));
  if (written.kind === 'broken') return null;
  const entries = [...written.entries.values()];
  return Object.fromEntries(entries.map(({ key, value }) => [key, toPlain(value, readings)]));
}
