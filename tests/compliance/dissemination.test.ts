/** Every way of spreading that there is. */

import { DISSEMINATORS } from '../../src/algorithms/dissemination/disseminators.ts';
import { disseminationCompliance } from './dissemination.suite.ts';

disseminationCompliance({
  algorithm: DISSEMINATORS.flood,
  settings: {},
  settleSeconds: 3,
  loss: '10%',
});

disseminationCompliance({
  algorithm: DISSEMINATORS.gossip,
  settings: {},
  settleSeconds: 3,
  loss: '10%',
});

disseminationCompliance({
  algorithm: DISSEMINATORS.gossipsub,
  settings: {},
  settleSeconds: 3,
  loss: '10%',
});

disseminationCompliance({
  algorithm: DISSEMINATORS.plumtree,
  settings: { membership: { delay: 1, bootnodes: ['n2'] } },
  settleSeconds: 4,
  // A tree supposes links that lose nothing.
  loss: '0%',
});
