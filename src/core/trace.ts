/**
 * The trace: what happened in a run, one event a line. The schema is one for simulator and live runs; every picture is drawn from it.
 */

import type { FaultKind } from './faults/kinds.ts';
import type { NodeId } from './id.ts';
import type { LogLevel } from './ports.ts';
import type { NodeStatus } from './status.ts';
import type { Value } from './value.ts';

/** Name of a message in flight: sender and its running number, e.g. `n1#12`. */
export type MessageId = string;

/** What every event has. */
interface Happened {
  /** Milliseconds since the run began: virtual offline, the node's own clock live. */
  readonly time: number;
  /** Where it happened. */
  readonly node: NodeId;
  /** Running number at this node, from 1. */
  readonly sequence: number;
}

/** What a message is, at both of its ends. */
interface Message {
  readonly message: MessageId;
  /** Path of the algorithm, e.g. `upper.broadcast`. */
  readonly path: string;
  /** Name in the message record; a reply bears the name of its request. */
  readonly type: string;
  readonly role: 'cast' | 'request' | 'reply' | 'error';
  /** Size of the body in the run's format. */
  readonly bytes: number;
}

export type TraceEvent = Happened &
  (
    | ({ readonly kind: 'send'; readonly to: NodeId; readonly body: Value } & Message)
    | ({ readonly kind: 'deliver'; readonly from: NodeId } & Message)
    | {
        readonly kind: 'drop';
        readonly from: NodeId;
        readonly message: MessageId;
        readonly path: string;
        readonly type: string;
        readonly reason: DropReason;
        readonly detail: string;
      }
    | { readonly kind: 'timer'; readonly path: string; readonly name: string }
    | { readonly kind: 'state'; readonly path: string; readonly state: Value }
    | {
        readonly kind: 'output';
        readonly path: string;
        readonly type: string;
        readonly value: Value;
      }
    | {
        readonly kind: 'log';
        readonly path: string;
        readonly level: LogLevel;
        readonly text: string;
      }
    | { readonly kind: 'status'; readonly status: NodeStatus; readonly detail?: string }
    | {
        /** A planned fault fired: here, or on a message that was sent from here. */
        readonly kind: 'fault';
        readonly fault: FaultKind;
        readonly detail: string;
        readonly to?: NodeId;
        readonly message?: MessageId;
        /** What a liar said instead. */
        readonly body?: Value;
      }
    | { readonly kind: 'violation'; readonly invariant: string; readonly detail: string }
  );

/** Why a message never reached its handler. */
export type DropReason =
  /** It does not fit its schema. */
  | 'schema'
  /** Its sender has no link to this node: the configuration does not name it as a neighbour. */
  | 'unlinked'
  /** No such algorithm path or message type here. */
  | 'undeclared'
  /** A signature in it is wrong, or it is signed by another than its sender. */
  | 'signature'
  /** Malformed, or larger than a message may be. */
  | 'malformed'
  /** An answer to a request that nobody waits for any more. */
  | 'unexpected'
  /** Arrived before the start and the buffer was full. */
  | 'overflow'
  /** It came to a node that was down, or was meant for an earlier incarnation of it. */
  | 'down'
  /** Somebody held the live run and took it out. */
  | 'removed';

/** Takes events as they happen. */
export type TraceSink = (event: TraceEvent) => void;
