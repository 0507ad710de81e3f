/**
 * Faults: one object says everything that shall go wrong in a run, for the simulator and for live nodes alike. This is the form that
 * people write, in YAML (`parley run --faults FILE`) and in code; docs/faults.md is its manual.
 *
 * ```yaml
 * latency: 5-50
 * loss: 10%
 * partitions: [{ groups: [[n1, n2], [n3]], at: 1s, for: 2s }]
 * crashes: [{ node: n2, at: 500ms, for: 1s }]
 * byzantine: { n4: equivocate }
 * heal: 10s
 * expect: fired
 * ```
 */

import type { DISK_FATES, FaultKind, LieKind } from './kinds.ts';

/** Milliseconds as a number, or a text with its unit: `250ms`, `2s`, `1.5m`. */
export type Duration = number | string;

/** A part of all cases: a number from 0 to 1, or a text: `10%`. */
export type Share = number | string;

/** One duration, a range (`5-50`, uniform), or a distribution by its name. */
export type Spread =
  | Duration
  | { readonly constant: Duration }
  | { readonly uniform: readonly [min: Duration, max: Duration] }
  | { readonly min: Duration; readonly max: Duration }
  | { readonly exponential: Duration; readonly min?: Duration; readonly max?: Duration }
  | {
      readonly normal: Duration;
      readonly deviation: Duration;
      readonly min?: Duration;
      readonly max?: Duration;
    };

/**
 * Nodes: a name, a pattern (`n*`), or some that the seed draws: `any 2`, `any minority` (fewer than half of all), `any third` (fewer
 * than a third). Or a list of these.
 */
export type Nodes = string | readonly string[];

/** When something happens: once, or again and again. */
export interface When {
  /** Begins then. */
  readonly at?: Duration;
  /** Begins again and again, so long apart on average; the times in between are exponential, as at a constant rate. */
  readonly every?: Duration;
  /** Lasts so long. */
  readonly for?: Spread;
}

/** What links do to messages. */
export interface LinkFaults {
  /** How long a message takes. */
  readonly latency?: Spread;
  /** Share of the messages that never arrive. */
  readonly loss?: Share;
  /** Share of the messages that arrive twice. */
  readonly duplication?: Share;
  /** Share of the messages that come late, up to 100 ms unless `within` says otherwise, so that later ones overtake them. */
  readonly reordering?: Share | { readonly share: Share; readonly within: Duration };
  /** Bytes a second, as a number or a text: `64kB/s`, `1MB/s`. */
  readonly bandwidth?: number | string;
}

/** Parts of the network that cannot reach each other; without a time, during the whole run. */
export interface Partition extends When {
  /** Nodes of different groups are cut off from each other. A node in no group reaches all. */
  readonly groups?: readonly Nodes[];
  /** These nodes are cut off from all others. */
  readonly isolate?: Nodes;
  /** Single links: `n1->n2` one way, `n1<->n2` both ways. */
  readonly cut?: string | readonly string[];
  /** Drawn anew each time: `halves` (a minority from the rest), `one` (a node from the rest), `random` (each node by a coin). */
  readonly split?: 'halves' | 'one' | 'random';
  /** Only messages from the first part (the first group, the isolated nodes, the minority) are cut. */
  readonly one_way?: boolean;
}

/** Nodes that go down. With `at` all of them do, with `every` one of them each time, when the one before is back. */
export interface Crash extends When {
  readonly node?: string;
  readonly nodes?: Nodes;
  /**
   * What the disk has kept when the node comes back: everything it was told (`kept`, the default), what was synced before
   * (`unsynced` writes are lost), in part also what was not (`torn`), nothing (`amnesia`), or what was synced but for a record in which a
   * bit was turned (`damaged`). With `full` and `refused` the disk fails first: the node goes down with the next write for which there is no
   * space, or with the next at all, and has lost that one; when it comes back there is space again.
   */
  readonly disk?: DiskFate;
}

/** What becomes of a disk in a crash. */
export type DiskFate = (typeof DISK_FATES)[number];

/** Nodes that stand still: what comes meanwhile waits. With `at` all of them do, with `every` one of them each time. */
export interface Pause extends When {
  readonly node?: string;
  readonly nodes?: Nodes;
}

/** A clock that is wrong. */
export interface ClockFault {
  /** It is ahead by so much; behind when negative. */
  readonly offset?: Duration;
  /** It runs fast by this part, slow when negative: 0.01 gains 10 ms in a second. */
  readonly drift?: Share;
  /** The offset comes at this time, as a jump. */
  readonly at?: Duration;
}

/** One behaviour of a Byzantine node: `true`, the share of the messages that it concerns, or in full. */
export type Lie =
  | true
  | Share
  | {
      readonly share?: Share;
      /** Receivers that it concerns. */
      readonly to?: Nodes;
      /** Message types that it concerns. */
      readonly types?: string | readonly string[];
      /** `delay` alone: by how much. */
      readonly by?: Spread;
    };

/** Behaviours of a Byzantine node. `delay` may also be given as the delay itself. */
export type Lies = { readonly [kind in LieKind]?: kind extends 'delay' ? Lie | Spread : Lie };

/** Who hears which of two copies of a node; a node in neither list hears both. Drawn unless given. */
export interface Twin {
  readonly first?: Nodes;
  readonly second?: Nodes;
}

/** Everything that shall go wrong in a run. */
export interface Faults extends LinkFaults {
  /** By link: `n1->n2`, `n1<->n2`, `n1->*`. What stands here overrides what stands above it, while it lasts. */
  readonly links?: { readonly [link: string]: LinkFaults & When };
  /** By node: every link to and from it. Overrides the run's, and is overridden by `links`. */
  readonly nodes?: { readonly [node: string]: LinkFaults & When };
  readonly partitions?: readonly Partition[];
  readonly crashes?: readonly Crash[];
  readonly pauses?: readonly Pause[];
  /** Until a write is synced, so long. Without it every write is, at once. */
  readonly disk?: { readonly sync: Spread };
  readonly clocks?: { readonly [node: string]: ClockFault };
  readonly byzantine?: { readonly [node: string]: LieKind | readonly LieKind[] | Lies };
  /** Nodes of which there are two, with one key. */
  readonly twins?: Nodes | { readonly [node: string]: Twin };
  /**
   * From this time on nothing goes wrong any more: links only take their latency, every node is back, clocks run at the right rate.
   * Liars go on lying. The run must then come to its end within its timeout, counted from here.
   */
  readonly heal?: Duration;
  /** After `heal` the run must end within this time. */
  readonly progress?: Duration;
  /** Fails the run when a fault of the plan, or one of those listed, never happened. */
  readonly expect?: 'fired' | FaultKind | readonly FaultKind[];
}
