/** Both ends of a memory channel, as the compliance suite wants them. */

import type { Channel, ChannelEvents } from '../../src/net/channel.ts';
import { memoryChannels } from '../../src/net/memory-channel.ts';
import { LocalEnd } from './channel-end.ts';
import type { ChannelPair } from './channel.suite.ts';

/** Makes a pair. Both ends are made in one call, but each brings its own events. */
export async function memoryPair(): Promise<ChannelPair> {
  const events: ChannelEvents[] = [];
  const relay = (side: 0 | 1): ChannelEvents => ({
    open: () => events[side]!.open?.(),
    frame: (frame) => events[side]!.frame(frame),
    closed: (reason) => events[side]!.closed(reason),
  });
  const ends: readonly [Channel, Channel] = memoryChannels(relay(0), relay(1));
  const end = (side: 0 | 1) =>
    new LocalEnd((own) => {
      events[side] = own;
      return ends[side];
    });
  return { left: end(0), right: end(1), dispose: () => {} };
}
