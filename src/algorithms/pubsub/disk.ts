/** What a node stores, and how it reads it again. Keys: `me`, `members`, and one letter for each kind of the rest. */

import type { NodeId } from '../../core/id.ts';
import type { Value } from '../../core/value.ts';
import type { Order } from './messages.ts';
import { key } from './registry.ts';
import type { Kept, StreamId } from './streams.ts';
import type { Subscription } from './subscriptions.ts';

/** What a node knows of itself. */
export interface Self {
  readonly life: number;
  /** Number of its next message. */
  readonly next: number;
  readonly lamport: number;
  /** Places of the common order that it is through with. */
  readonly place: number;
  /** Numbers after `next` may have been used: they were said before they were stored, and the node did not end well. */
  readonly isBehind?: boolean;
}

/** Who was out of the group when the registry had this version. */
export interface StoredMembers {
  readonly version: number;
  readonly out: readonly (readonly [node: NodeId, by: NodeId])[];
}

/** Keys of what is stored. Numbers have sixteen digits, so that their order is that of the keys. */
export const keys = {
  self: 'me',
  members: 'members',
  batch: ({ stream, first }: Pick<Kept, 'stream' | 'first'>): string =>
    `b/${stream} ${String(first).padStart(16, '0')}`,
  floor: (stream: StreamId): string => `f/${stream}`,
  passed: (stream: StreamId): string => `p/${stream}`,
  retained: (topic: string): string => `r/${topic}`,
  subscription: (pattern: string, order: Order): string => `s/${key(pattern, order)}`,
  /** Of runs that are judged: what was delivered, in its order. */
  delivered: (number: number): string => `d/${String(number).padStart(16, '0')}`,
};

/** Everything that was stored, by kind. */
export interface Found {
  readonly self: Self | undefined;
  readonly members: StoredMembers | undefined;
  readonly batches: readonly { readonly batch: Value; readonly atMs: number }[];
  readonly floors: readonly (readonly [StreamId, number])[];
  readonly passed: ReadonlyMap<StreamId, number>;
  readonly retained: readonly Value[];
  readonly subscriptions: readonly Subscription[];
  readonly delivered: readonly (readonly string[])[];
}

/** Sorts what the store has. It is our own: its form is not looked at, batches apart. */
export function readDisk(entries: readonly (readonly [key: string, value: Value])[]): Found {
  const one = (key: string) => entries.find(([name]) => name === key)?.[1];
  const of = (kind: string) =>
    entries
      .filter(([name]) => name.startsWith(`${kind}/`))
      .map(([name, value]) => [name.slice(2), value] as const);
  return {
    self: one(keys.self) as unknown as Self | undefined,
    members: one(keys.members) as unknown as StoredMembers | undefined,
    batches: of('b').map(([, value]) => value as unknown as Found['batches'][number]),
    floors: of('f') as unknown as Found['floors'],
    passed: new Map(of('p') as unknown as [StreamId, number][]),
    retained: of('r').map(([, value]) => value),
    subscriptions: of('s').map(([, value]) => value as unknown as Subscription),
    delivered: of('d').map(([, value]) => value as unknown as readonly string[]),
  };
}
