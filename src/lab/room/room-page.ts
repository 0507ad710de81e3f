/** What a room takes from the page that it is in; in tests from elsewhere. */

import type { FoundChapter } from '../chapters.ts';
import type { host } from '../live/hosting.ts';
import type { Identity } from '../identity.ts';
import type { RoomCapabilities } from '../lab-service.ts';
import type { RelayFactory } from '../../runtime/live/carrier.ts';
import type { ConnectorHost } from '../../runtime/live/connector.ts';
import type { LinkRole } from '../../runtime/live/link-keeper.ts';
import type { PageEvents } from '../../runtime/live/this-page.ts';
import type { MemberConnector } from './member-links.ts';
import type { RoomMemories } from './room-memory.ts';

/** The page's part. */
export interface RoomPage {
  readonly capabilities: RoomCapabilities;
  readonly memories: RoomMemories;
  /** Finds an algorithm that the page was built with. */
  readonly find: (algorithm: string) => Promise<FoundChapter>;
  /** What an algorithm is here: see `algorithm-hash.ts`. */
  readonly hashOf: (found: FoundChapter) => string;
  /** Makes one node of this page. */
  readonly host: typeof host;
  /** Makes the connections between members' pages; undefined to leave everything to signaling. */
  readonly connect: ConnectMembers | undefined;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Remembers something of this tab, for when it is reloaded. */
  rememberTab(part: { readonly isObserver?: boolean; readonly lastRunId?: string }): void;
  /** Remembers what this tab's owner is called. */
  rememberName(name: string): void;
  /** A copy of this tab took its place. */
  noteSuperseded(): void;
  /** Listens to what happens to the page, until the returned function is called. */
  watch(events: PageEvents): () => void;
}

/** Makes what keeps the connections of a member's page to others. */
export type ConnectMembers = (about: MemberConnections, host: ConnectorHost) => MemberConnector;

/** What connections between members' pages need to know. */
export interface MemberConnections {
  readonly identity: Identity;
  readonly room: string;
  /** The links that are wanted, by member. It changes. */
  readonly roles: ReadonlyMap<string, LinkRole>;
  readonly relay: RelayFactory;
  readonly iceServers: () => readonly RTCIceServer[];
}
