/**
 * Events as the page shows them. A signed value loses on its way out of a worker what makes it one: a copy has its fields, and neither its
 * type nor its signature. So it goes as a map that says both, as in a trace file, with the signature beside it.
 */

import { isSigned, statementOf } from '../core/signed.ts';
import type { TraceEvent } from '../core/trace.ts';
import type { Value, ValueMap } from '../core/value.ts';

/** `event`, with maps for its signed values; the same when it has none. */
export function shownEvent(event: TraceEvent): TraceEvent {
  return changed(event, (value) => {
    if (!isSigned(value)) return undefined;
    const { type, signer, fields, signature } = statementOf(value);
    const made = signature === undefined ? {} : { $signature: signature };
    return { $signed: type, signer, ...made, ...fields };
  });
}

/** A shown event as trace files have it: without the signatures. The same when it has none. */
export function filedEvent(event: TraceEvent): TraceEvent {
  return changed(event, (value) => {
    if (!Object.hasOwn(value, '$signed') || !Object.hasOwn(value, '$signature')) return undefined;
    const { $signature: _, ...others } = value as ValueMap;
    return others;
  });
}

/** What stands for a value instead; undefined where it stays. */
type Change = (value: object) => ValueMap | undefined;

function changed(event: TraceEvent, change: Change): TraceEvent {
  switch (event.kind) {
    case 'send': {
      const body = changedValue(event.body, change);
      return body === event.body ? event : { ...event, body };
    }
    case 'state': {
      const state = changedValue(event.state, change);
      return state === event.state ? event : { ...event, state };
    }
    case 'output': {
      const value = changedValue(event.value, change);
      return value === event.value ? event : { ...event, value };
    }
    default:
      return event;
  }
}

/** The same value where nothing in it changes: most events need no copy. */
function changedValue(value: Value, change: Change): Value {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) {
    const list = value as readonly Value[];
    const items = list.map((item) => changedValue(item, change));
    return items.every((item, at) => item === list[at]) ? value : items;
  }
  const map: ValueMap = change(value) ?? (value as ValueMap);
  let result: Record<string, Value> | undefined;
  for (const key of Object.keys(map)) {
    const item = changedValue(map[key]!, change);
    if (item !== map[key]) (result ??= { ...map })[key] = item;
  }
  return result ?? map;
}
