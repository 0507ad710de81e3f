/**
 * Rounds of an algorithm that begins once, between nodes that come, go and change their numbers. The greatest round counts: whoever hears of one
 * that is greater than its own begins that one, with its own numbers. Nothing of an earlier round is heard in a later one.
 */

import { decodeCanonical, encodeCanonical } from '../../core/canonical.ts';
import type { NodeId } from '../../core/id.ts';
import type { Clock } from '../../core/ports.ts';
import type { Attachment, Network, Receiver } from '../../net/parcels/network.ts';
import { LoneHost } from '../../runtime/lone-host.ts';
import { MemoryStore } from '../../storage/memory.ts';
import { DIMENSIONS, isKind, KINDS, type RoundKind, type RoundKindName } from './kinds.ts';

/** Milliseconds between two looks at what a node shows; the others are told it each time. */
const LOOK_MS = 250;

/** Points of a plot: beyond them, every second one is forgotten. */
const POINTS_MAX = 240;

/** A round may be so far ahead: who lies could otherwise use up all numbers at once. */
const LEAP_MAX = 1e6;

/** Numbers are shown and averaged up to this size: sums of them stay finite. */
export const NUMBER_MAX = 1e9;

/** What a node shows in a round. */
export interface Shown {
  /** What it began with. */
  readonly own: readonly number[];
  readonly now: readonly number[];
}

/** One moment of a round. */
export interface Moment {
  readonly atMs: number;
  readonly nodes: ReadonlyMap<NodeId, Shown>;
}

/** What rounds need. */
export interface RoundsOptions {
  readonly id: NodeId;
  readonly network: Network;
  readonly clock: Clock;
  /** Who can be reached now, this node left out. */
  readonly others: () => readonly NodeId[];
  readonly numbers: readonly number[];
  readonly changed: () => void;
}

/** A frame: of which round, and either a message of its algorithm or what a node shows. */
type Frame = readonly [
  round: number,
  kind: RoundKindName,
  what: 'message' | 'shown',
  body: unknown,
];

/** One node's part in the rounds. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #attachment: Attachment;
  #numbers: readonly number[];
  #round = 0;
  #kind: RoundKindName = 'share_vec';
  #host: LoneHost<RoundKind['algorithm']> | undefined;
  #receive: Receiver | undefined;
  #shown = new Map<NodeId, Shown>();
  #moments: Moment[] = [];
  #beganMs = 0;
  #everyMs = LOOK_MS;
  #refused = 0;
  #isStopped = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#numbers = sound(options.numbers);
    this.#attachment = options.network.join(options.id, (from, bytes) => this.#take(from, bytes));
    this.#look();
  }

  get round(): number {
    return this.#round;
  }

  get kind(): RoundKindName {
    return this.#kind;
  }

  /** This node's own numbers. */
  get numbers(): readonly number[] {
    return this.#numbers;
  }

  /** What all show now. */
  get shown(): ReadonlyMap<NodeId, Shown> {
    return this.#shown;
  }

  /** The round so far. */
  get moments(): readonly Moment[] {
    return this.#moments;
  }

  /** Frames that were none. */
  get refused(): number {
    return this.#refused;
  }

  /** Begins the next round, of this or another algorithm, with these numbers of one's own. */
  begin(kind: RoundKindName = this.#kind, numbers: readonly number[] = this.#numbers): void {
    this.#numbers = sound(numbers);
    this.#start(this.#round + 1, kind);
  }

  stop(): void {
    this.#isStopped = true;
    this.#host?.stop();
    this.#attachment.leave();
  }

  #start(round: number, kind: RoundKindName): void {
    this.#host?.stop();
    const { id, clock, others } = this.#options;
    this.#round = round;
    this.#kind = kind;
    this.#shown = new Map();
    this.#moments = [];
    this.#everyMs = LOOK_MS;
    this.#beganMs = clock.now();
    const { algorithm, settings } = KINDS[kind] as RoundKind;
    const host = new LoneHost({
      ...{ algorithm, id, clock, nodes: [id, ...others()].toSorted() },
      settings: settings(this.#numbers),
      store: new MemoryStore(),
      network: { join: (_, receive) => this.#attach(receive) },
    });
    this.#host = host;
    // Who has just begun has nothing stored: there is nothing that can fail.
    void host.start();
    this.#note();
  }

  /** The network of one round. */
  #attach(receive: Receiver): Attachment {
    const [round, kind] = [this.#round, this.#kind];
    this.#receive = receive;
    return {
      send: (to, bytes) => this.#send(to, [round, kind, 'message', bytes]),
      leave: () => {
        if (this.#receive === receive) this.#receive = undefined;
      },
    };
  }

  #send(to: NodeId, frame: Frame): void {
    this.#attachment.send(to, encodeCanonical([...frame] as never));
  }

  #take(from: NodeId, bytes: Uint8Array): void {
    if (this.#isStopped) return;
    const frame = frameIn(bytes);
    if (frame === undefined || frame[0] > this.#round + LEAP_MAX) {
      this.#refused++;
      return;
    }
    const [round, kind, what, body] = frame;
    if (isLater(round, kind, this.#round, this.#kind)) {
      // Whoever comes into a round that goes on may have been part of it before: it begins anew for all.
      if (this.#round === 0) this.#start(round + 1, kind);
      else this.#start(round, kind);
    }
    if (round !== this.#round || kind !== this.#kind) return;
    if (what === 'message') {
      if (body instanceof Uint8Array) void this.#receive?.(from, body);
      return;
    }
    const shown = shownIn(body);
    if (shown === undefined) this.#refused++;
    else this.#shown.set(from, shown);
  }

  /** Tells the others what is here, and remembers the moment. */
  #look(): void {
    if (this.#isStopped) return;
    this.#note();
    if (this.#round > 0) {
      const mine = this.#shown.get(this.#options.id);
      for (const to of this.#options.others())
        this.#send(to, [this.#round, this.#kind, 'shown', mine]);
    }
    this.#options.clock.after(LOOK_MS, () => this.#look());
  }

  #note(): void {
    const { id, clock, changed, others } = this.#options;
    if (this.#host === undefined) return;
    const here = new Set([id, ...others()]);
    for (const node of this.#shown.keys()) if (!here.has(node)) this.#shown.delete(node);
    const read = (KINDS[this.#kind] as RoundKind).read(this.#host.algorithm.state());
    this.#shown.set(id, { own: this.#numbers, now: sound(read, read.length) });
    const atMs = clock.now() - this.#beganMs;
    const last = this.#moments.at(-1)?.atMs ?? -Infinity;
    if (atMs - last >= this.#everyMs / 2) {
      this.#moments = [...this.#moments, { atMs, nodes: new Map(this.#shown) }];
    }
    if (this.#moments.length > POINTS_MAX) {
      this.#everyMs *= 2;
      this.#moments = this.#moments.filter((_, at) => at % 2 === 0);
    }
    changed();
  }
}

/** Two who begin a round at the same time begin the same one, or that of the greater name. */
function isLater(round: number, kind: string, own: number, ownKind: string): boolean {
  return round > own || (round === own && kind > ownKind);
}

function frameIn(bytes: Uint8Array): Frame | undefined {
  try {
    const [round, kind, what, body] = decodeCanonical(bytes) as unknown as readonly unknown[];
    if (!Number.isSafeInteger(round) || (round as number) < 1 || !isKind(kind)) return undefined;
    if (what !== 'message' && what !== 'shown') return undefined;
    return [round as number, kind, what, body];
  } catch {
    return undefined;
  }
}

function shownIn(body: unknown): Shown | undefined {
  const { own, now } = (body ?? {}) as { readonly own?: unknown; readonly now?: unknown };
  const isList = (list: unknown): list is readonly unknown[] =>
    Array.isArray(list) && list.length > 0 && list.length <= DIMENSIONS;
  return isList(own) && isList(now)
    ? { own: sound(own, own.length), now: sound(now, now.length) }
    : undefined;
}

/** So many finite numbers, whatever was given. */
function sound(numbers: readonly unknown[], length = DIMENSIONS): readonly number[] {
  return Array.from({ length }, (_, at) => {
    const number = numbers[at];
    if (typeof number !== 'number' || Number.isNaN(number)) return 0;
    return Math.min(Math.max(number, -NUMBER_MAX), NUMBER_MAX);
  });
}
