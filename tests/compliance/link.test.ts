/** The links that Node has; those of browsers are in tests/browser/net/link.test.ts. */

import { PortLink } from '../../src/net/port-link.ts';
import { LocalEnd } from './link-end.ts';
import { linkCompliance } from './link.suite.ts';
import { memoryPair } from './memory-pair.ts';

linkCompliance('memory', memoryPair, { carriesReason: true });

linkCompliance(
  'MessagePort',
  async () => {
    const { port1, port2 } = new MessageChannel();
    return {
      left: new LocalEnd((events) => new PortLink(port1, events)),
      right: new LocalEnd((events) => new PortLink(port2, events)),
      dispose: () => {
        port1.close();
        port2.close();
      },
    };
  },
  { carriesReason: true },
);
