/** The links that a browser has: in the page, into workers, over data channels, and relayed. */

import { ChannelLink } from '../../../src/net/channel-link.ts';
import { PortLink } from '../../../src/net/port-link.ts';
import { relay } from '../../../src/runtime/live/relay.ts';
import { LocalEnd } from '../../compliance/link-end.ts';
import { linkCompliance, type LinkPair } from '../../compliance/link.suite.ts';
import { memoryPair } from '../../compliance/memory-pair.ts';
import { negotiateBoth } from './channels.ts';
import { RemoteEnd, type Handover } from './remote-end.ts';

linkCompliance('memory', memoryPair, { carriesReason: true });

linkCompliance(
  'a port into a worker',
  async () => {
    const { port1, port2 } = new MessageChannel();
    const right = new RemoteEnd({ port: port2 });
    return {
      left: new LocalEnd((events) => new PortLink(port1, events)),
      right,
      dispose: () => right.terminate(),
    };
  },
  { carriesReason: true },
);

linkCompliance(
  'data channels of simple-peer',
  async () => {
    const { left, right, close } = negotiateBoth();
    return {
      left: new LocalEnd((events) => new ChannelLink(left.channel, events)),
      right: new LocalEnd((events) => new ChannelLink(right.channel, events)),
      dispose: close,
    };
  },
  { carriesReason: false },
);

linkCompliance(
  'a data channel transferred into a worker',
  () => towardsWorker((channel) => ({ channel })),
  { carriesReason: false },
);

linkCompliance(
  'a data channel relayed to a worker',
  () => towardsWorker((channel) => ({ port: relay(channel) })),
  { carriesReason: false },
);

/** A connection whose right channel is given to a worker in one way or another. */
async function towardsWorker(give: (channel: RTCDataChannel) => Handover): Promise<LinkPair> {
  const { left, right, close } = negotiateBoth();
  const worker = new RemoteEnd(give(right.channel));
  return {
    left: new LocalEnd((events) => new ChannelLink(left.channel, events)),
    right: worker,
    dispose: () => {
      close();
      worker.terminate();
    },
  };
}
