/**
 * What can happen to a node that does not live in the simulator, as data. Each input has a turn of its own, and there is nothing else that
 * the node's algorithms could tell one run from another by: whoever hands a node the same inputs at the same times gets the same run.
 */

import type { NodeId } from '../core/id.ts';
import type { DropReason } from '../core/trace.ts';
import type { Value } from '../core/value.ts';
import type { AlgorithmEnvelope } from './envelope.ts';
import type { LifecycleMessage } from './lifecycle.ts';
import type { NodeRunner } from './node.ts';
import type { Turn } from './turn.ts';

/** What storage answered: a value, nothing, or that it cannot. */
export type StorageAnswer = { readonly value: Value | undefined } | { readonly error: Error };

/** One input. What the node asked for itself has a running number, because it cannot be told otherwise which of them it is. */
export type NodeInput =
  | { readonly kind: 'start' }
  /** The runner asked for a turn. */
  | { readonly kind: 'posted'; readonly number: number; readonly run: () => void }
  | { readonly kind: 'timer'; readonly number: number; readonly run: () => unknown }
  /** There is room again for what was sent. */
  | { readonly kind: 'accepted'; readonly number: number; readonly run: () => void }
  | {
      readonly kind: 'stored';
      readonly number: number;
      readonly answer: StorageAnswer;
      readonly run: () => void;
    }
  | { readonly kind: 'lifecycle'; readonly from: NodeId; readonly message: LifecycleMessage }
  /** A message; its body belongs to the receiver. */
  | {
      readonly kind: 'message';
      readonly from: NodeId;
      readonly envelope: AlgorithmEnvelope;
      /** Whether every signature in it is right. */
      readonly isGenuine: boolean;
    }
  /** Something that is no message. */
  | {
      readonly kind: 'refused';
      readonly from: NodeId;
      readonly reason: DropReason;
      readonly detail: string;
    }
  /** There is a link to another node, and one of the two still waits for the start. */
  | { readonly kind: 'linked'; readonly node: NodeId }
  /** Another node's tab was closed, or its worker died. */
  | { readonly kind: 'gone'; readonly node: NodeId; readonly why: string }
  | {
      readonly kind: 'stop';
      readonly status: 'stopped' | 'timeout';
      readonly why: string | undefined;
    }
  /** A promise of the algorithm was rejected, and nobody handles it. */
  | { readonly kind: 'unhandled'; readonly error: unknown };

/** What is known of something that is no message. */
const NO_MESSAGE = { number: 0, path: '', type: '?' };

/** Hands an input to a node. */
export function takeInput(runner: NodeRunner, turn: Turn, input: NodeInput): void {
  switch (input.kind) {
    case 'message': {
      const { from, envelope, isGenuine } = input;
      if (isGenuine) runner.receive(from, envelope, envelope.body, []);
      else runner.drop(from, envelope, 'signature', 'a signature in it is wrong');
      return;
    }
    case 'lifecycle':
      return runner.receiveLifecycle(input.from, input.message);
    case 'posted':
    case 'timer':
      input.run();
      return;
    case 'accepted':
    case 'stored':
      // Algorithm code may be waiting for it.
      turn.awaits();
      input.run();
      return;
    case 'start':
      return runner.start();
    case 'refused':
      return runner.drop(input.from, NO_MESSAGE, input.reason, input.detail);
    case 'linked':
      return runner.peerLinked(input.node);
    case 'gone':
      return runner.peerGone(input.node, input.why);
    case 'stop':
      return runner.stop(input.status, input.why);
    case 'unhandled':
      runner.failUnhandled(input.error);
  }
}
