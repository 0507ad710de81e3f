/** The channels that Node has; those of browsers are in tests/browser/net/channel.test.ts. */

import { PortChannel } from '../../src/net/port-channel.ts';
import { LocalEnd } from './channel-end.ts';
import { channelCompliance } from './channel.suite.ts';
import { memoryPair } from './memory-pair.ts';

channelCompliance('memory', memoryPair, { carriesReason: true, isReliable: true });

channelCompliance(
  'MessagePort',
  async () => {
    const { port1, port2 } = new MessageChannel();
    return {
      left: new LocalEnd((events) => new PortChannel(port1, events)),
      right: new LocalEnd((events) => new PortChannel(port2, events)),
      dispose: () => {
        port1.close();
        port2.close();
      },
    };
  },
  { carriesReason: true, isReliable: true },
);
