/** Settings of a member and of its layers: those of links of a room, with what a program gives. */

import type { AlgorithmClass } from '../../core/algorithm.ts';
import { SchemaError } from '../../core/errors.ts';
import { nearest } from '../../core/nearest-name.ts';
import { check, explain, type Schema } from '../../core/schema.ts';
import { PubSub } from '../../algorithms/pubsub/index.ts';

/** Settings as a program gives them. */
type Given = Readonly<Record<string, unknown>>;

/** Everybody has a link to everybody: authors send to all, and what is missing for long is soon known to be gone. Nobody waits for an author's disk. */
const EVERYBODY_LINKED = {
  ...{ spread: 'direct', stores: 'beside' },
  ...{ gap_after: 5000, retention_bytes: 16 * 1024 * 1024 },
};

/**
 * Times of the layers below, for links of a room: a member that vanishes is missed within a second. After the last heartbeat the detector waits for
 * the mean interval, the acceptable pause, and 5.6 deviations (φ = 8): 0.57 s where heartbeats are regular. No bound is set to the deviation: pages
 * of a busy machine stand still for longer, and whoever is given up wrongly is refused what it asks for.
 */
const LAYERS = {
  dissemination: { durable: false },
  registry: { election_timeout: 500, heartbeat_interval: 120 },
  detector: { heartbeat_interval: 0.1, min_deviation: 0.03, acceptable_pause: 0.3 },
};

/**
 * The settings of a member.
 *
 * @param electorate who votes in the registry, and who learns from it
 */
export function memberSettings(electorate: Given, given: Given): Given {
  const block = (name: keyof typeof LAYERS): object => ({
    ...LAYERS[name],
    ...(given[name] as object),
  });
  return {
    ...{ ...EVERYBODY_LINKED, ...given },
    dissemination: block('dissemination'),
    registry: { ...electorate, ...block('registry') },
    detector: block('detector'),
  };
}

/** @throws {TypeError} when these are no settings of the chapter and its layers: {@link SchemaError} where a value is none */
export function mustBeSettings(given: unknown): void {
  mustBeKnown('settings', given, PubSub);
}

function mustBeKnown(place: string, given: unknown, { definition }: AlgorithmClass): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`${place} is no map: give one such as { sync_interval: 500 }`);
  }
  const { settings, children } = definition;
  const known = [...Object.keys(settings), ...Object.keys(children)];
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) {
      const meant = nearest(name, known);
      const advice =
        meant === undefined ? `there are ${known.join(', ')}` : `did you mean '${meant}'?`;
      throw new TypeError(`${place} has no '${name.slice(0, 80)}': ${advice}`);
    }
    const child = children[name];
    if (child === undefined) mustFit(`${place}.${name}`, value, settings[name]!);
    else mustBeKnown(`${place}.${name}`, value, child);
  }
}

function mustFit(place: string, value: unknown, schema: Schema): void {
  const { issues } = check(schema, value);
  if (issues !== undefined) throw new SchemaError(`${place}: ${explain(issues)}`);
}
