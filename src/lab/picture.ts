/**
 * The situation at a moment of a run, in words and numbers: what every picture draws. A pure function of (events, cursor).
 */

import type { NodeId } from '../core/id.ts';
import type { NodeStatus } from '../core/status.ts';
import type { Value } from '../core/value.ts';
import { countBefore, type Cursor, type Flight, type Recording } from './playback.ts';
import type { RunNode } from './run.ts';

/** The state of one algorithm at a node, with the one before it. */
export interface StateMoment {
  readonly path: string;
  readonly state: Value;
  /** What the state event before this one said; undefined for the first. */
  readonly previous: Value | undefined;
  /** Index of the state event. */
  readonly index: number;
}

/** How a node stands, as far as the events say. */
export type ShownStatus = NodeStatus | 'unknown';

/** One node at a moment. */
export interface NodeMoment {
  readonly id: NodeId;
  readonly status: ShownStatus;
  /** Why it failed, or what it waits for. */
  readonly detail: string | undefined;
  /** The outermost algorithm first. */
  readonly states: readonly StateMoment[];
  readonly sent: number;
  readonly received: number;
  readonly dropped: number;
  readonly complaints: number;
  /** Index of its last event; undefined when nothing has happened to it. */
  readonly lastIndex: number | undefined;
}

/** A message on its way. */
export interface FlightMoment {
  readonly flight: Flight;
  /** 0 at the sender, 1 at the receiver. */
  readonly progress: number;
  /** lost: it will never arrive, and fades on its way. */
  readonly fate: 'arrives' | 'unknown' | 'lost';
}

/** A link between neighbours; one that both know of stands once. */
export interface PictureLink {
  readonly from: NodeId;
  readonly to: NodeId;
  /** Only `from` knows of it. */
  readonly directed: boolean;
}

/** Where a message whose arrival is unknown comes to rest on its way. */
const UNKNOWN_PROGRESS_MAX = 0.9;
/** A lost message is drawn so far, then no more. */
const LOST_PROGRESS_MAX = 0.6;
/** Assumed when no message has arrived yet, in milliseconds. */
const JOURNEY_FALLBACK_MS = 5;
/** A message of unknown arrival is drawn for so many usual journeys: then it is old news, not a message on its way. */
const UNKNOWN_JOURNEYS_MAX = 40;

/** One node at a moment. */
export function nodeAt(recording: Recording, id: NodeId, step: number): NodeMoment {
  const track = recording.track(id);
  if (track === undefined) {
    return {
      ...{ id, status: statusUntold(recording), detail: undefined, states: [] },
      ...{ sent: 0, received: 0, dropped: 0, complaints: 0, lastIndex: undefined },
    };
  }
  const statusIndex = track.statuses[countBefore(track.statuses, step) - 1];
  const status = statusIndex === undefined ? undefined : recording.events[statusIndex];
  return {
    id,
    status: status?.kind === 'status' ? status.status : statusUntold(recording),
    detail: status?.kind === 'status' ? status.detail : undefined,
    states: statesAt(recording, track.states, step),
    sent: countBefore(track.sends, step),
    received: countBefore(track.deliveries, step),
    dropped: countBefore(track.drops, step),
    complaints: countBefore(track.complaints, step),
    lastIndex: track.all[countBefore(track.all, step) - 1],
  };
}

/** The first event of a node of Parley says that it joins; of others nothing is known. */
function statusUntold({ length, tellsStatuses }: Recording): ShownStatus {
  return length > 0 && !tellsStatuses ? 'unknown' : 'joining';
}

function statesAt(
  recording: Recording,
  states: ReadonlyMap<string, readonly number[]>,
  step: number,
): StateMoment[] {
  const result: StateMoment[] = [];
  for (const [path, indexes] of states) {
    const count = countBefore(indexes, step);
    const index = indexes[count - 1];
    if (index === undefined) continue;
    const state = stateOf(recording, index)!;
    result.push({ path, state, previous: stateOf(recording, indexes[count - 2]), index });
  }
  return result.sort((a, b) => depth(a.path) - depth(b.path));
}

function stateOf(recording: Recording, index: number | undefined): Value | undefined {
  const event = index === undefined ? undefined : recording.events[index];
  return event?.kind === 'state' ? event.state : undefined;
}

function depth(path: string): number {
  return path.split('.').length;
}

/**
 * The messages on their way.
 *
 * @param ended whether the run is over: then a message that did not arrive never will
 * @param heldSinceMs since when somebody holds back what arrives: what was under way then still is
 */
export function flightsAt(
  recording: Recording,
  cursor: Cursor,
  ended: boolean,
  heldSinceMs = Infinity,
): FlightMoment[] {
  const { time, step } = cursor;
  const usual = recording.typicalJourney() || JOURNEY_FALLBACK_MS;
  const result: FlightMoment[] = [];
  const openSince = ended
    ? time - usual * LOST_PROGRESS_MAX
    : Math.min(time, heldSinceMs) - usual * UNKNOWN_JOURNEYS_MAX;
  for (const flight of recording.flightsBetween(time, time, openSince)) {
    if (flight.sendIndex >= step) continue;
    const elapsed = time - flight.sentAt;
    if (flight.arrivedAt !== undefined) {
      if (flight.arriveIndex! < step) continue;
      const journey = flight.arrivedAt - flight.sentAt;
      // On a step between two events of one instant, a message may depart and arrive at the same time.
      const progress = journey === 0 ? 0.5 : elapsed / journey;
      result.push({ flight, progress: Math.min(progress, 1), fate: 'arrives' });
    } else if (!ended) {
      result.push({
        flight,
        progress: Math.min(elapsed / usual, UNKNOWN_PROGRESS_MAX),
        fate: 'unknown',
      });
    } else {
      result.push({ flight, progress: elapsed / usual, fate: 'lost' });
    }
  }
  return result;
}

/** The links that the neighbour lists describe, each once. */
export function linksOf(nodes: readonly RunNode[]): PictureLink[] {
  const known = new Map(nodes.map((node, order) => [node.id, { ...node, order }]));
  const result: PictureLink[] = [];
  for (const { id, neighbours, order } of known.values()) {
    for (const to of new Set(neighbours)) {
      const other = known.get(to);
      if (other === undefined || to === id) continue;
      const directed = !other.neighbours.includes(id);
      if (directed || order < other.order) result.push({ from: id, to, directed });
    }
  }
  return result;
}

/** How many events fall into each of `count` equal stretches of the time from 0 to `endTime`. */
export function density(recording: Recording, count: number, endTime: number): number[] {
  const result: number[] = [];
  let before = 0;
  for (let i = 1; i <= count; i++) {
    const step = i === count ? recording.length : recording.stepAt((endTime * i) / count);
    result.push(step - before);
    before = step;
  }
  return result;
}

/**
 * What an event depends on: for each node, how far its events belong to the causal past, as the index of the last one.
 *
 * An event depends on the earlier events of its node, and a delivery on the sending.
 */
export function causesOf(recording: Recording, index: number): ReadonlyMap<NodeId, number> {
  const last = new Map<NodeId, number>();
  /** How far each node's events are known to belong, but not yet followed. */
  const open = new Map<NodeId, number>([[recording.events[index]!.node, index]]);
  for (const [node, bound] of open) {
    open.delete(node);
    const known = last.get(node) ?? -1;
    last.set(node, bound);
    const { deliveries } = recording.track(node)!;
    const from = countBefore(deliveries, known + 1);
    const to = countBefore(deliveries, bound + 1);
    for (let i = from; i < to; i++) {
      const sending = recording.sendingOf(deliveries[i]!);
      if (sending === undefined) continue;
      const sender = recording.events[sending]!.node;
      if (sending > (last.get(sender) ?? -1) && sending > (open.get(sender) ?? -1)) {
        open.set(sender, sending);
      }
    }
  }
  return last;
}

/**
 * What depends on an event: for each node, from where on its events belong to the causal future, as the index of the first one.
 *
 * The later events of its node depend on an event, and so does the delivery of what it sent.
 */
export function effectsOf(recording: Recording, index: number): ReadonlyMap<NodeId, number> {
  const first = new Map<NodeId, number>();
  /** From where on each node's events are known to belong, but not yet followed. */
  const open = new Map<NodeId, number>([[recording.events[index]!.node, index]]);
  for (const [node, bound] of open) {
    open.delete(node);
    const { sends } = recording.track(node)!;
    const from = countBefore(sends, bound);
    const to = countBefore(sends, first.get(node) ?? Infinity);
    first.set(node, bound);
    for (let i = from; i < to; i++) {
      const flight = recording.flightAt(sends[i]!);
      if (flight?.arriveIndex === undefined || flight.dropped !== undefined) continue;
      const known = Math.min(first.get(flight.to) ?? Infinity, open.get(flight.to) ?? Infinity);
      if (flight.arriveIndex < known) open.set(flight.to, flight.arriveIndex);
    }
  }
  return first;
}
