/** What every disseminator keeps, and what is different from one to the next. */

import type { NodeId } from '../../core/id.ts';
import type { MachineSeat } from '../../core/machine.ts';
import type { CommonSettings, MessageName, Publication, Verdict } from './interface.ts';
import type { CommonOut, Neighbourhood } from './peers.ts';
import type { Stream } from './seen.ts';

/** Publications that may wait for a verdict. Above it the oldest is given up, as if it had been ignored. */
export const PENDING_MAX = 1000;

/** Publications of foreign topics that a relay remembers. Above it the oldest is forgotten, and would be carried once more if it came again. */
export const RELAYED_MAX = 20_000;

/** How many messages came to what. */
export interface Counts {
  published: number;
  /** Delivered to the layer above. */
  delivered: number;
  /** Publications sent on, once for each receiver. */
  forwarded: number;
  /** Publications that were known already. */
  duplicates: number;
  /** Publications that came too late to be told from old ones, or contradict others of their origin. */
  refused: number;
  /** Publications of topics that the node has not joined. */
  unwanted: number;
  /** Publications that the layer above rejected. */
  rejected: number;
}

/** A publication that waits for its verdict. */
export interface Pending {
  readonly publication: Publication;
  readonly hops: number;
  readonly from: NodeId;
}

/** What was seen and delivered. */
export interface Memory {
  /** By topic, then by origin. Origins are nodes of the run: nobody else can sign. */
  readonly seen: Map<string, Map<NodeId, Stream[]>>;
  /** Streams that have changed since they were last written, by key of the store. */
  readonly unsaved: Map<string, readonly [topic: string, origin: NodeId]>;
  /** Publications that wait for a write to begin, and for the one under way. */
  held: Pending[];
  writing: Pending[];
  /** The write under way; 0 for none. */
  ticket: number;
}

/** The state that every disseminator has. */
export interface Common extends Neighbourhood, Memory {
  readonly me: NodeId;
  readonly neighbours: readonly NodeId[];
  /** The next sequence of this node, by topic. */
  readonly next: Map<string, number>;
  readonly pending: Map<string, Pending>;
  /** Publications of topics that the node has not joined, and carried. */
  readonly relayed: Set<string>;
  /** Texts that the configuration wants published, and that were not yet. */
  planned: number;
  readonly counts: Counts;
}

/** What is different from one disseminator to the next. */
export interface Spreading<S extends Common, O extends CommonOut> {
  /** True when nodes carry what they have not joined: it is told from what was seen, and sent on, and not delivered. */
  readonly relays?: true;
  /** Sends a publication on. `from` is the node itself for its own, which have come 0 hops so far. */
  spread(state: S, publication: Publication, hops: number, from: NodeId, now: number, out: O): void;
  /** The node is about to start: neighbours were not greeted yet. */
  started?(state: S, now: number, out: O): void;
  /** A topic was joined or left, before others know of it. */
  joined?(state: S, topic: string, now: number, out: O): void;
  left?(state: S, topic: string, now: number, out: O): void;
  /** Once a heartbeat. */
  beat?(state: S, now: number, out: O): void;
  /** A connection has come or gone. */
  linked?(state: S, peer: NodeId, isUp: boolean): void;
  /** A neighbour has started anew, and knows nothing of what was between it and this node. */
  reborn?(state: S, peer: NodeId, now: number, out: O): void;
  /** The topics of a neighbour may have changed, or it has gone. */
  changed?(state: S, peer: NodeId, now: number, out: O): void;
  /** The layer above thinks so much of a neighbour. */
  rated?(state: S, peer: NodeId, score: number, now: number, out: O): void;
  /** The layer above has judged what this neighbour brought. */
  judged?(state: S, item: Pending, verdict: Verdict, now: number, out: O): void;
}

/** The common part of a new state. */
export function commonState({
  id,
  neighbours,
  settings: given,
}: Pick<MachineSeat<{}>, 'id' | 'neighbours'> & { readonly settings: CommonSettings }): Common {
  return {
    me: id,
    neighbours: Object.freeze([...neighbours]),
    given: Object.freeze({ ...given }) as CommonSettings,
    incarnation: 0,
    joined: new Set(),
    version: 0,
    peers: new Map(),
    seen: new Map(),
    unsaved: new Map(),
    held: [],
    writing: [],
    ticket: 0,
    next: new Map(),
    pending: new Map(),
    relayed: new Set(),
    planned: given.publishes,
    counts: {
      ...{ published: 0, delivered: 0, forwarded: 0, duplicates: 0 },
      ...{ refused: 0, unwanted: 0, rejected: 0 },
    },
  };
}

/** A publication's name in a Map. */
export function keyOf({ topic, origin, incarnation, sequence }: MessageName): string {
  return `${incarnation} ${sequence} ${origin} ${topic}`;
}

/** The name of a publication: that of its first message. */
export function nameOf({ topic, signer: origin, incarnation, sequence }: Publication): MessageName {
  return { topic, origin, incarnation, sequence };
}
