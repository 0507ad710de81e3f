/** Topologies by the name of their rule, as files and the command line say it. */

import type { Random } from '../../core/random.ts';
import {
  full,
  lattice,
  randomTopology,
  ring,
  smallWorld,
  star,
  TopologyError,
  type Topology,
} from './generators.ts';

/** Names of the rules; nodemanager's `fullconnected` and our shorter word for it. */
export const KINDS = [
  'ring',
  'star',
  'full',
  'fullconnected',
  'random',
  'lattice',
  'small-world',
] as const;

/** Name of a rule. */
export type Kind = (typeof KINDS)[number];

/** Numbers that some of the rules want. */
export interface GenerateOptions {
  readonly mode?: 'exact' | 'range' | undefined;
  readonly sendTo?: number | undefined;
  readonly receiveFrom?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly rows?: number | undefined;
  readonly nearest?: number | undefined;
  readonly rewired?: number | undefined;
}

/**
 * Makes a topology of so many nodes.
 *
 * @throws {TopologyError} naming the number that is missing or wrong
 */
export function generate(
  kind: Kind,
  count: number,
  options: GenerateOptions,
  random: Random,
): Topology {
  switch (kind) {
    case 'ring':
      return ring(count);
    case 'star':
      return star(count);
    case 'full':
    case 'fullconnected':
      return full(count);
    case 'lattice':
      return lattice(count, options.rows ?? Math.max(1, Math.floor(Math.sqrt(count))));
    case 'small-world':
      return smallWorld(count, options.nearest ?? 4, options.rewired ?? 0.1, random);
    case 'random':
      return randomTopology(count, degreesOf(options), random);
  }
}

function degreesOf({ mode, sendTo, receiveFrom, min, max }: GenerateOptions) {
  const isRange =
    mode === 'range' || (mode === undefined && (min !== undefined || max !== undefined));
  if (isRange) {
    const [low, high] = [min ?? 1, max ?? min];
    if (high === undefined)
      throw new TopologyError('a random topology in a range wants min and max');
    return { mode: 'range', min: low, max: high } as const;
  }
  const [send, receive] = [sendTo ?? receiveFrom, receiveFrom ?? sendTo];
  if (send === undefined || receive === undefined) {
    throw new TopologyError('a random topology wants send_to and receive_from, or min and max');
  }
  return { mode: 'exact', sendTo: send, receiveFrom: receive } as const;
}
