/** What is to be measured: which way of spreading, among how many, over which links, and who publishes. */

import {
  DISSEMINATORS,
  type DisseminatorName,
} from '../../algorithms/dissemination/disseminators.ts';

/** The ways of spreading. */
export const PROTOCOLS = Object.keys(DISSEMINATORS) as readonly DisseminatorName[];

/** Who publishes: one node all the time, five in turn, any node each time, or every node once, all at the same time. */
export const PUBLISHERS = ['one', 'five', 'any', 'all'] as const;

/** More nodes than this do not fit into memory: each knows all names. */
export const NODES_MAX = 5000;

/** What may be chosen. */
export interface SpreadOptions {
  readonly protocol?: DisseminatorName;
  readonly nodes?: number;
  readonly messages?: number;
  readonly publishers?: (typeof PUBLISHERS)[number];
  /** Neighbours that each node dials. Plumtree chooses its own. */
  readonly dials?: number;
  /** Milliseconds: each link has a latency of its own between these, and jitter on top. */
  readonly latencyMin?: number;
  readonly latencyMax?: number;
  /** Share of a link's latency that is added to it at most, drawn for each message. */
  readonly jitter?: number;
  readonly floodPublish?: boolean;
  readonly seed?: number;
}

/** All of it. */
export type SpreadSpec = Required<SpreadOptions>;

/** A choice that makes no sense. */
export class SpreadError extends Error {
  override readonly name = 'SpreadError';
}

/** Fills in what was not chosen. @throws {SpreadError} saying what makes no sense */
export function spreadSpec(options: SpreadOptions = {}): SpreadSpec {
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const spec: SpreadSpec = {
    ...{ protocol: 'gossipsub', nodes: 1000, messages: 60, publishers: 'five', dials: 20 },
    ...{ latencyMin: 10, latencyMax: 150, jitter: 0.1, floodPublish: true, seed: 1 },
    ...given,
  };
  const { nodes, messages, dials, latencyMin, latencyMax } = spec;
  if (!(nodes >= 2 && nodes <= NODES_MAX)) {
    throw new SpreadError(`${nodes} nodes: 2 to ${NODES_MAX} can be measured`);
  }
  if (messages < 1) throw new SpreadError('no messages: there is nothing to measure');
  if (dials < 1) throw new SpreadError('whoever dials nobody hears nothing: --dials 1 at least');
  if (!(latencyMin > 0 && latencyMin <= latencyMax)) {
    throw new SpreadError(`a latency from ${latencyMin} to ${latencyMax} ms is none`);
  }
  return spec;
}
