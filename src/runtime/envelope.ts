/** Envelopes: what travels between two nodes, around the body of a message. */

import type { NodeId } from '../core/id.ts';
import type { RemoteErrorCode } from '../core/errors.ts';
import type { LinkClass } from '../core/message.ts';
import type { LifecycleMessage } from './lifecycle.ts';
import type { AnySigned } from '../core/signed.ts';
import type { Value } from '../core/value.ts';

/** A message of an algorithm, or of the lifecycle beneath it. */
export type Envelope = AlgorithmEnvelope | LifecycleEnvelope;

/** Anything that travels on a link. */
export type LinkEnvelope = Envelope | CarriedEnvelope;

/** A cast, a request, a reply to one, or an error instead of a reply. */
export interface AlgorithmEnvelope {
  readonly kind: 'cast' | 'request' | 'reply' | 'error';
  /** Running number at the sender; a broadcast has one for all its receivers. */
  readonly number: number;
  /** Number of the request that is answered; 0 for casts and requests. */
  readonly answers: number;
  readonly path: string;
  readonly type: string;
  /** The class that it is sent in, or came in. */
  readonly via: LinkClass;
  /** The message or the reply; `[code, text]` of an error. */
  readonly body: Value;
  /** Size of the body in the run's format. It does not travel: the receiver measures what it got. */
  readonly bytes: number;
  /** Every signed value in the body. It does not travel: whoever reads a body finds them. */
  readonly signed: readonly AnySigned[];
  /** Pending while signatures in the body are being made: nothing may be encoded before. It does not travel. */
  readonly signing: Promise<unknown> | undefined;
}

/** A message of the barriers. */
export interface LifecycleEnvelope {
  readonly kind: 'lifecycle';
  readonly message: LifecycleMessage;
}

/** What one page has to say to another, carried by nodes in between while no server does it. */
export interface CarriedEnvelope {
  readonly kind: 'carried';
  /** Whose page says it, and a number of its own. Nobody vouches for the name: the proof of a link does. */
  readonly from: NodeId;
  readonly number: number;
  readonly to: NodeId;
  /** How many more nodes may pass it on. */
  readonly hops: number;
  /** JSON. */
  readonly text: string;
}

/** The body of an error answer. */
export type ErrorBody = readonly [code: RemoteErrorCode, text: string];
