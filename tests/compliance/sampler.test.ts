/** Every sampler that there is. */

import { basalt, chapter as basaltChapter } from '../../src/algorithms/basalt/index.ts';
import { brahms, chapter as brahmsChapter } from '../../src/algorithms/brahms/index.ts';
import { chapter as cyclonChapter, cyclon } from '../../src/algorithms/cyclon/index.ts';
import { chapter as gbpsChapter, gbps } from '../../src/algorithms/gbps/index.ts';
import { chapter as hyparviewChapter, hyparview } from '../../src/algorithms/hyparview/index.ts';
import { samplerCompliance } from './sampler.suite.ts';

const descriptors = (peers: readonly string[]) =>
  peers.map((peer, at) => ({ peer, age: (at * 7919) % 65_536 }));
const exchanges = (peers: readonly string[]) => [
  { type: 'exchange', message: { view: descriptors(peers) } },
  { type: 'push', message: { view: descriptors(peers) } },
];

const ages = (age: number) => {
  const message = { view: [{ peer: 'n3', age }] };
  return [
    { type: 'exchange', message },
    { type: 'push', message },
  ];
};
const noNumbers = () => [];

const { exchange, push } = gbps.messages;
const descriptorLists = (peers: readonly string[]) =>
  [
    [exchange.schema, { view: descriptors(peers) }],
    [exchange.reply, descriptors(peers)],
    [push.schema, { view: descriptors(peers) }],
  ] as const;

samplerCompliance({
  chapter: gbpsChapter,
  machine: gbps,
  settings: {
    ...{ view_size: 4, heal: 1, swap: 1, selection_policy: 'rand', propagation_policy: 'pushpull' },
    ...{ delay: 1, age: 1 },
  },
  options: { sampler: 'gbps', nodes: 300, viewSize: 10 },
  naming: exchanges,
  lists: descriptorLists,
  lies: ages,
  distinct: true,
});

samplerCompliance({
  chapter: cyclonChapter,
  machine: cyclon,
  settings: { view_size: 4, delay: 1 },
  options: { sampler: 'cyclon', nodes: 300, viewSize: 10 },
  naming: exchanges,
  lists: descriptorLists,
  lies: ages,
  distinct: true,
});

samplerCompliance({
  chapter: brahmsChapter,
  machine: brahms,
  settings: { view_size: 4, sampler_size: 4, alpha: 0.45, beta: 0.45, delay: 1 },
  options: { sampler: 'brahms', nodes: 200, viewSize: 20 },
  // Peers are named in answers alone.
  naming: (peers) => [
    { type: 'pull', message: { peers } },
    { type: 'push', message: {} },
  ],
  lists: (peers) => [[brahms.messages.pull.reply, peers]],
  lies: noNumbers,
  distinct: false,
});

samplerCompliance({
  chapter: basaltChapter,
  machine: basalt,
  settings: { view_size: 4, refresh: 1, delay: 1 },
  options: { sampler: 'basalt', nodes: 200, viewSize: 20 },
  naming: (peers) => [{ type: 'push', message: { view: [...peers] } }],
  lists: (peers) => [
    [basalt.messages.push.schema, { view: peers }],
    [basalt.messages.pull.reply, peers],
  ],
  lies: noNumbers,
  distinct: false,
});

samplerCompliance({
  chapter: hyparviewChapter,
  machine: hyparview,
  settings: {
    ...{ active_size: 3, passive_size: 6, active_walk: 6, passive_walk: 3 },
    ...{ shuffle_active: 3, shuffle_passive: 4, delay: 1 },
  },
  options: { sampler: 'hyparview', nodes: 300, viewSize: 5 },
  naming: (peers) => [
    {
      type: 'shuffle',
      message: { origin: peers[0] ?? 'n3', peers: [...peers], walk: peers.length % 7 },
    },
    { type: 'shuffle_reply', message: { peers: [...peers] } },
    { type: 'forward_join', message: { newcomer: peers[0] ?? 'n4', walk: peers.length % 7 } },
    { type: 'neighbor', message: { urgent: peers.length % 2 === 0 } },
    { type: 'neighbor_reply', message: { accepted: true } },
    { type: 'disconnect', message: {} },
    { type: 'join', message: {} },
  ],
  lists: (peers) => [
    [hyparview.messages.shuffle.schema, { origin: 'n2', peers, walk: 2 }],
    [hyparview.messages.shuffle_reply.schema, { peers }],
  ],
  lies: (walk) => [
    { type: 'shuffle', message: { origin: 'n2', peers: ['n3'], walk } },
    { type: 'forward_join', message: { newcomer: 'n3', walk } },
  ],
  distinct: true,
});
