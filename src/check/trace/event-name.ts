/** Names of events, as people type them: the message that an event sent, or a node and a number. */

import type { NodeId } from '../../core/id.ts';
import type { MessageId, TraceEvent } from '../../core/trace.ts';

/** Which event is meant. */
export type EventName =
  /** The first sending of a message. */
  | { readonly kind: 'message'; readonly message: MessageId }
  /** An event by its number at its node; `life` counts the node's restarts, from 1. */
  | {
      readonly kind: 'event';
      readonly node: NodeId;
      readonly sequence: number;
      readonly life: number;
    };

/** Reads `n1#12` (the sending of a message), `n1@7` (the seventh event of n1) or `n1@7~2` (that of its second life). */
export function parseEventName(text: string): EventName | undefined {
  if (/^.+#\d+$/.test(text)) return { kind: 'message', message: text };
  const match = /^(.+)@(\d+)(?:~([1-9]\d*))?$/.exec(text);
  if (match === null) return undefined;
  const [, node, sequence, life] = match;
  return { kind: 'event', node: node!, sequence: Number(sequence), life: Number(life ?? 1) };
}

/** True when an event is the one that is meant. */
export function isNamed(event: TraceEvent, life: number, name: EventName): boolean {
  if (name.kind === 'message') return event.kind === 'send' && event.message === name.message;
  return event.node === name.node && event.sequence === name.sequence && life === name.life;
}

/** The name of an event. */
export function nameOf({ node, sequence }: TraceEvent, life: number): string {
  return life === 1 ? `${node}@${sequence}` : `${node}@${sequence}~${life}`;
}
