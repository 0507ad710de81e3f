/** What a page and the worker of one of its nodes say to each other. */

import type { FaultCounts } from '../../core/faults/kinds.ts';
import type { NodeId } from '../../core/id.ts';
import type { LogLevel } from '../../core/ports.ts';
import type { NodeResult } from '../../core/result.ts';
import type { NodeStatus } from '../../core/status.ts';
import type { MessageId, TraceEvent } from '../../core/trace.ts';
import type { FrameAuth } from '../../net/batch.ts';
import type { Channels } from '../../net/channel.ts';
import type { Certificates } from '../../net/rtc/transport.ts';
import type { Latency } from '../simulator.ts';
import type { HeldDeed } from './held-inbox.ts';

/** How a node comes into a live run. */
export interface LiveSeat {
  readonly id: NodeId;
  /** Room and run in which its Store and event log are kept. */
  readonly room: string;
  readonly incarnation: number;
  /** It took part in this run before its tab was reloaded. */
  readonly restarted: boolean;
  readonly secretKey: Uint8Array;
  readonly frameAuth: FrameAuth;
  /** Of a closed room: what only its members can know. */
  readonly membershipKey?: Uint8Array;
  /** When the run began, in milliseconds since 1970: the nodes' times are counted from here. */
  readonly startedAtMs: number;
  readonly latencyMs?: Latency;
  readonly trace: boolean;
  /** Whether everything that happens to the node is recorded, so that it can be replayed. */
  readonly records?: boolean;
}

/** From the page. */
export type ToWorker<Spec> =
  | {
      readonly kind: 'start';
      readonly spec: Spec;
      readonly seat: LiveSeat;
      readonly startupDelayMs: number;
    }
  /** A node of the run is there; its packets are checked with this key. */
  | {
      readonly kind: 'present';
      readonly node: NodeId;
      readonly incarnation: number;
      readonly publicKey: Uint8Array;
    }
  /** A link to it is being made: the channels themselves, or ports behind which the page relays. */
  | {
      readonly kind: 'channels';
      readonly node: NodeId;
      readonly attempt: string;
      readonly channels: Channels<RTCDataChannel>;
    }
  | {
      readonly kind: 'ports';
      readonly node: NodeId;
      readonly attempt: string;
      readonly ports: Channels<MessagePort>;
    }
  /** The link is encrypted: what the identity proof is bound to. */
  | {
      readonly kind: 'secured';
      readonly node: NodeId;
      readonly attempt: string;
      readonly certificates: Certificates;
    }
  /** Whether what arrives is held back until it is released. Timers go on. */
  | { readonly kind: 'hold'; readonly isHeld: boolean }
  /** What becomes of one message that is held back. */
  | { readonly kind: 'grab'; readonly message: MessageId; readonly deed: HeldDeed }
  /** The nodes to which nothing gets through from here, until the next such message. */
  | { readonly kind: 'cut'; readonly from: readonly NodeId[] }
  /** Something for the page of another node that no server carries now: the links do. */
  | { readonly kind: 'carry'; readonly to: NodeId; readonly text: string }
  /** The page ends: whoever is linked is to hear of it, at once. */
  | { readonly kind: 'farewell' }
  /** Its tab was closed, or its worker died. */
  | { readonly kind: 'gone'; readonly node: NodeId; readonly why: string }
  | {
      readonly kind: 'stop';
      readonly status: 'stopped' | 'timeout';
      readonly why: string | undefined;
    };

/** From the worker. */
export type FromWorker =
  /** The worker has loaded and takes messages. */
  | { readonly kind: 'loaded' }
  /** The node is made and takes links. */
  | { readonly kind: 'started' }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly path: string; readonly text: string }
  | { readonly kind: 'status'; readonly status: NodeStatus; readonly waitingFor: readonly NodeId[] }
  | { readonly kind: 'trace'; readonly events: readonly TraceEvent[] }
  /** Lines of the node's recording: see `recording.ts`. */
  | { readonly kind: 'recording'; readonly lines: string }
  /** The nodes to which links are wanted now; never said where they are wanted to all neighbours. */
  | { readonly kind: 'wanted'; readonly nodes: readonly NodeId[] }
  /** What the page of another node said, carried here by nodes. Nobody vouches for the name. */
  | { readonly kind: 'carried'; readonly from: NodeId; readonly text: string }
  /** The page of another node ends, as that node has said on its own link. */
  | { readonly kind: 'leaving'; readonly node: NodeId }
  /** Both sides have proven who they are: frames flow. */
  | { readonly kind: 'linkOpen'; readonly node: NodeId; readonly attempt: string }
  /** The link is gone; `refused` when the other side is not who it should be: dialling again at once would not help. */
  | {
      readonly kind: 'linkClosed';
      readonly node: NodeId;
      readonly attempt: string;
      readonly reason: string;
      readonly refused: boolean;
    }
  /** The node was told to stop, and does: its code lets it hear. */
  | { readonly kind: 'stopping' }
  /** The node has ended, and nobody has to hear from it any more; `faults` are those that fired at it. */
  | { readonly kind: 'ended'; readonly result: NodeResult; readonly faults?: FaultCounts }
  /** The run could not be made here: the configuration or the module is at fault. */
  | { readonly kind: 'problem'; readonly text: string };
