/**
 * A recording: what happened to the nodes of a live run, one turn a line, and what they were seen to do. Lines of one life of a node (from
 * its start to its end, a crash or a reload) stand in their order; those of different lives may be mixed.
 *
 * A turn's line holds its input, the time at which the node's clock stood in it, which of its sendings had to wait, and the trace events that
 * it wrote. Nothing else decides what a node does: its random numbers follow from the seed and its name.
 */

import type { NodeId } from '../../core/id.ts';
import type { LinkClass } from '../../core/message.ts';
import type { Survival } from '../../core/ports.ts';
import type { NodeResult } from '../../core/result.ts';
import type { DropReason, TraceEvent } from '../../core/trace.ts';

/** Raised when a reader of older recordings would misunderstand newer ones. */
export const RECORDING_VERSION = 1;

/** Characters that one life of a node may have in a recording: what a page can hold and hand on without harm. */
export const LIFE_LENGTH_MAX = 1 << 26;

/** Which life of which node a line belongs to. */
export interface LifeName {
  readonly node: NodeId;
  /** One more after every reload of its tab. */
  readonly incarnation: number;
}

/** What a node can tell of its storage before it uses it. */
export interface RecordedStorage {
  readonly kind: string;
  readonly survives: Survival;
}

/** A life begins. */
export interface LifeLine extends LifeName {
  /** It took part in the run before. */
  readonly restarted: boolean;
  readonly storage: RecordedStorage;
}

/** A turn. */
export interface TurnLine extends LifeName {
  /** From 1, without a gap. */
  readonly turn: number;
  /** Where the node's clock stood. */
  readonly time: number;
  readonly input: RecordedInput;
  /** Running numbers of the sendings that had to wait until they were accepted; absent when there is none. */
  readonly waits?: readonly number[];
  /** What it wrote into the trace, as the trace prints it; absent when nothing. */
  readonly events?: readonly TraceEvent[];
}

/** Written into the trace between two turns: faults, and what code did of which its turn did not know. */
export interface BetweenLine extends LifeName {
  readonly events: readonly TraceEvent[];
}

/** SHA-256 of all lines of this life up to here, in hexadecimal: shows what was changed afterwards. */
export interface SealLine extends LifeName {
  readonly sha256: string;
}

/** The recording has reached {@link LIFE_LENGTH_MAX}; the node went on. */
export interface FullLine extends LifeName {
  readonly full: true;
}

/** The node has ended. Without this line its tab was closed or its worker died. */
export interface EndLine extends LifeName {
  readonly result: NodeResult;
}

/** Any line but the header. */
export type RecordingLine = LifeLine | TurnLine | BetweenLine | SealLine | FullLine | EndLine;

/** A `NodeInput` as JSON: envelopes and stored values in the json format, functions left out. */
export type RecordedInput =
  | { readonly kind: 'start' }
  | { readonly kind: 'posted' | 'timer' | 'accepted'; readonly number: number }
  | {
      readonly kind: 'stored';
      readonly number: number;
      readonly value?: unknown;
      readonly error?: RecordedError;
    }
  | { readonly kind: 'lifecycle'; readonly from: NodeId; readonly envelope: unknown }
  | {
      readonly kind: 'message';
      readonly from: NodeId;
      readonly via: LinkClass;
      readonly envelope: unknown;
      /** Present when a signature in it is wrong. */
      readonly forged?: true;
    }
  | {
      readonly kind: 'refused';
      readonly from: NodeId;
      readonly reason: DropReason;
      readonly detail: string;
    }
  | { readonly kind: 'linked'; readonly node: NodeId }
  | { readonly kind: 'gone'; readonly node: NodeId; readonly why: string }
  | {
      readonly kind: 'stop';
      readonly status: 'stopped' | 'timeout';
      readonly why?: string;
    }
  | { readonly kind: 'unhandled'; readonly error: RecordedError };

/** What of an error can be told apart by an algorithm. */
export interface RecordedError {
  readonly name: string;
  readonly message: string;
}
