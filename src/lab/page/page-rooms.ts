/** The door to rooms, as this page has it. */

import { peerServerAt } from '../../net/rtc/open-transport.ts';
import { NearestHub } from '../../net/signaling/nearest-signaling.ts';
import { signalingUrl } from '../../net/signaling/protocol.ts';
import { labForOthers } from './page-address.ts';
import { rememberedName } from '../room/remembered-name.ts';
import { RoomDoor } from '../room/room-door.ts';
import { thisPageIn } from '../room/this-room-page.ts';

/** Opens the door. */
export function roomDoor(): RoomDoor {
  const url = signalingUrl(location.href);
  const hub = new NearestHub({ url });
  return new RoomDoor({
    connect: () => hub.connect(),
    linkTo: async (fragment) => `${await labForOthers()}${fragment}`,
    inRoom: (code) => thisPageIn(code, peerServerAt(url)),
    get memberName() {
      return rememberedName();
    },
  });
}
