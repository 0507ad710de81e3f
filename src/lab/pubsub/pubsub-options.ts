/** What makes a member, and how it subscribes. */

import type { NodeId } from '../../core/id.ts';
import type { Clock, LogLevel, Signer, Store } from '../../core/ports.ts';
import type { Network } from '../../net/parcels/network.ts';
import type { Order } from '../../algorithms/pubsub/messages.ts';
import type { RoomOptions } from '../raft/room/enter-room.ts';
import type { SecurityOptions } from './security.ts';

/** What every member is made of. */
interface MemberOptions {
  /** Those with whom the registry is agreed on; every member has to be told the same. */
  readonly members: readonly NodeId[];
  /** Places for those who come later: they take part in everything, and count for no majority. */
  readonly others?: readonly NodeId[];
  /** What is encrypted, signed and proven: everything, unless it says otherwise. */
  readonly security?: SecurityOptions;
  /** Settings of the chapter, as in its configuration files: `publish_rate`, `publish_bytes`, `publish_burst`, `registry_by`, `sync_interval`, `retention_bytes`, … */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly log?: (level: LogLevel, text: string) => void;
}

/** A member in the room of a signaling server: links over WebRTC, what it knows in IndexedDB. It needs a page. */
export type RoomPubSubOptions = MemberOptions & RoomOptions;

/** A member over a network and stores of one's own. */
export interface BarePubSubOptions extends MemberOptions {
  readonly id: NodeId;
  readonly network: Network;
  /** Where a layer of the member stores what it knows; in memory, and not beyond, unless given. */
  readonly store?: (path: string) => Store;
  /** Signs as this member, and knows the others' keys. */
  readonly signer?: Signer;
  /** Wall-clock time unless given: it should go on over restarts. */
  readonly clock?: Clock;
}

/** What makes a member: a room, or a network. */
export type PubSubOptions = RoomPubSubOptions | BarePubSubOptions;

/** How one subscribes. */
export interface SubscribeOptions {
  /** `causal` unless given. */
  readonly order?: Order;
  /** Also what was published before, as far as it is kept. */
  readonly history?: boolean;
}
