/** The channels that a browser has: in the page, into workers, over connections of every transport, and relayed. */

import type { LinkClass } from '../../../src/core/message.ts';
import type { Channels } from '../../../src/net/channel.ts';
import { PortChannel } from '../../../src/net/port-channel.ts';
import { RtcChannel } from '../../../src/net/rtc-channel.ts';
import { LINK_KINDS, type LinkKind } from '../../../src/net/rtc/transport.ts';
import { relay } from '../../../src/runtime/live/relay.ts';
import { LocalEnd } from '../../compliance/channel-end.ts';
import {
  channelCompliance,
  type ChannelPair,
  type ChannelTraits,
} from '../../compliance/channel.suite.ts';
import { memoryPair } from '../../compliance/memory-pair.ts';
import { connect, newParty } from './negotiations.ts';
import { RemoteEnd, type Handover } from './remote-end.ts';

const LOCAL: ChannelTraits = { carriesReason: true, isReliable: true };
const ORDERED: ChannelTraits = { carriesReason: false, isReliable: true };
const GOSSIP: ChannelTraits = { carriesReason: false, isReliable: false };

channelCompliance('memory', memoryPair, LOCAL);

channelCompliance(
  'a port into a worker',
  async () => {
    const { port1, port2 } = new MessageChannel();
    const right = new RemoteEnd({ port: port2 });
    return {
      left: new LocalEnd((events) => new PortChannel(port1, events)),
      right,
      dispose: () => right.terminate(),
    };
  },
  LOCAL,
);

for (const kind of LINK_KINDS) {
  channelCompliance(`data channels of ${kind}`, () => withinPage(kind, 'data'), ORDERED);
  channelCompliance(
    `a data channel of ${kind}, transferred into a worker`,
    () => towardsWorker(kind, ({ data }) => ({ channel: data })),
    ORDERED,
  );
}

channelCompliance('channels for control', () => withinPage('simple-peer', 'control'), ORDERED);
channelCompliance('channels for gossip', () => withinPage('simple-peer', 'gossip'), GOSSIP);

channelCompliance(
  'a data channel relayed to a worker',
  () => towardsWorker('simple-peer', (channels) => ({ port: relay(channels).data })),
  ORDERED,
);

/** A connection whose ends are both in this page. */
async function withinPage(kind: LinkKind, linkClass: LinkClass): Promise<ChannelPair> {
  const [one, other] = [newParty(kind), newParty(kind)];
  const { left, right, close } = connect(one, other);
  const [ours, theirs] = await Promise.all([left.channels, right.channels]);
  return {
    left: new LocalEnd((events) => new RtcChannel(ours[linkClass], events)),
    right: new LocalEnd((events) => new RtcChannel(theirs[linkClass], events)),
    dispose: () => {
      close();
      for (const { transport } of [one, other]) transport.close();
    },
  };
}

/** A connection whose right data channel is given to a worker in one way or another. */
async function towardsWorker(
  kind: LinkKind,
  give: (channels: Channels<RTCDataChannel>) => Handover,
): Promise<ChannelPair> {
  const [one, other] = [newParty(kind), newParty(kind)];
  let worker: RemoteEnd | undefined;
  const { left, right, close } = connect(one, other, {
    takeRight: (channels) => {
      worker = new RemoteEnd(give(channels));
    },
  });
  const [ours] = await Promise.all([left.channels, right.channels]);
  return {
    left: new LocalEnd((events) => new RtcChannel(ours.data, events)),
    right: worker!,
    dispose: () => {
      close();
      worker!.terminate();
      for (const { transport } of [one, other]) transport.close();
    },
  };
}
