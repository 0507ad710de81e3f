/** A tab of its own, as far as other tabs can tell: it has its own thread, and dies without a word when it is terminated. */

import { BroadcastHub } from '../../../src/net/signaling/broadcast-signaling.ts';
import type { Signaling } from '../../../src/net/signaling/signaling.ts';
import { Recording, tab } from '../../support/signaling-tabs.ts';
import type { TabOrder, TabView } from './remote-tab.ts';

let hub: BroadcastHub | undefined;
let signaling: Signaling | undefined;
let heard: Recording | undefined;

globalThis.onmessage = async ({ data }: MessageEvent<TabOrder>) => {
  if (data.order === 'open') await open(data);
  else if (data.order === 'signal') signaling!.signal(data.to, data.payload);
  globalThis.postMessage(look());
};

async function open({ name, locks, timing }: TabOrder & { order: 'open' }): Promise<void> {
  hub = new BroadcastHub({ name, timing, ...(locks ? {} : { locks: null }) });
  signaling = hub.connect();
  heard = new Recording(signaling);
  await signaling.join(tab());
}

function look(): TabView {
  return {
    isHost: hub!.isHost,
    state: signaling!.state,
    member: signaling!.you!.member,
    order: signaling!.you!.order,
    members: [...signaling!.members.keys()],
    left: heard!.all('left'),
    payloads: heard!.all('signal').map(({ payload }) => payload),
  };
}
