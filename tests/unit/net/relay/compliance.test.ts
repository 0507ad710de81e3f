/** Relayed channels keep the promises of all channels, whatever their class. */

import { LINK_CLASSES } from '../../../../src/core/message.ts';
import { channelCompliance } from '../../../compliance/channel.suite.ts';
import { RELAY_BURST_FRAMES, relayPair } from './relay-pair.ts';

for (const linkClass of LINK_CLASSES) {
  // The pipe keeps what it takes, so even gossip is lost only where the sender finds no room.
  const traits = { carriesReason: true, isReliable: true, burstFrames: RELAY_BURST_FRAMES };
  channelCompliance(`relay, ${linkClass}`, () => relayPair(linkClass), traits);
}
