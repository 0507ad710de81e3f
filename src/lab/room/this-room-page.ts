/** What this page gives to a room: its chapters, its workers, its connections and its memory. */

import { LINK_TIMING } from '../../runtime/live/link-timing.ts';
import { Connector } from '../../runtime/live/connector.ts';
import { pageBudget, pageClock, watchPage } from '../../runtime/live/this-page.ts';
import { openTransport } from '../../net/rtc/open-transport.ts';
import type { PeerServer } from '../../net/rtc/transport.ts';
import { host } from '../live/hosting.ts';
import { noteSuperseded, rememberIdentity } from '../identity.ts';
import { pageChapter, pageSourceHash } from '../page/page-chapters.ts';
import { algorithmHash } from './algorithm-hash.ts';
import { capabilitiesOf } from './capabilities.ts';
import { pageStorage, rememberName } from './remembered-name.ts';
import { RoomMemories } from './room-memory.ts';
import type { ConnectMembers, RoomPage } from './room-page.ts';
import { transportName } from './transport-name.ts';

/** This page's part in a room; `peerServer` is for nodes whose links PeerJS negotiates. */
export function thisPageIn(code: string, peerServer: PeerServer): RoomPage {
  const capabilities = capabilitiesOf();
  return {
    capabilities,
    memories: new RoomMemories(pageStorage()),
    find: pageChapter,
    hashOf: ({ reference, chapter }) =>
      algorithmHash(chapter.algorithm.definition, pageSourceHash(reference)),
    host: (id, identity, hosting, ...rest) =>
      host(id, identity, { peerServer, ...hosting }, ...rest),
    connect: connectMembers,
    nowMs: () => performance.timeOrigin + performance.now(),
    rememberTab: (part) => rememberIdentity(code, part),
    rememberName: (name) => rememberName(name),
    noteSuperseded: () => noteSuperseded(code),
    watch: watchPage,
  };
}

const connectMembers: ConnectMembers = (
  { identity, room, roles, relay, iceServers },
  connectorHost,
) =>
  new Connector(
    {
      incarnation: identity.incarnation,
      links: roles,
      transport: openTransport('simple-peer', {
        localName: transportName(room, identity),
        iceServers,
        peerServer: undefined,
      }),
      relay,
      budget: pageBudget,
      clock: pageClock,
      timing: LINK_TIMING,
      random: () => Math.random(),
    },
    connectorHost,
  );

/** The page's storage; where a browser refuses it, everything is forgotten with the page. */
