import { describe, expect, test } from 'vitest';
import { chapter, SimpleBroadcast } from '../../../src/algorithms/simple_broadcast/index.ts';
import { invariants } from '../../../src/algorithms/simple_broadcast/invariants.ts';
import {
  SimpleBroadcastUpper,
  type SimpleBroadcastState,
} from '../../../src/algorithms/simple_broadcast/simple-broadcast-upper.ts';
import { PeerGone } from '../../../src/core/errors.ts';
import { describeInvariants, situation, type Sketch } from './bad-views.ts';
import { Later, loneNode, settled } from './lone-node.ts';

describe('the lower layer', () => {
  test('carries anything to all neighbours and up to its own node', async () => {
    const node = loneNode(SimpleBroadcast, { neighbours: ['n2', 'n3'], answer: () => null });
    const payload = { any: ['thing', 1, null] };
    await expect(node.algorithm.broadcast(payload)).resolves.toEqual([]);
    expect(node.sent).toMatchObject([
      { to: 'n2', type: 'data', message: { payload } },
      { to: 'n3', type: 'data', message: { payload } },
    ]);
    expect(node.delivered).toEqual([{ type: 'got', message: { from: 'n1', payload } }]);
  });

  test('is through when all have acknowledged', async () => {
    const slow = new Later<null>();
    const node = loneNode(SimpleBroadcast, { neighbours: ['n2'], answer: () => slow.promise });
    let isThrough = false;
    void node.algorithm.broadcast('x').then(() => (isThrough = true));
    await settled();
    expect(isThrough).toBe(false);
    slow.resolve(null);
    await settled();
    expect(isThrough).toBe(true);
  });

  test('names the neighbours that did not acknowledge', async () => {
    const node = loneNode(SimpleBroadcast, {
      neighbours: ['n2', 'n3'],
      answer: ({ to }) => {
        if (to === 'n3') throw new PeerGone('n3', 'data');
        return null;
      },
    });
    await expect(node.algorithm.broadcast('x')).resolves.toEqual(['n3']);
  });

  test('acknowledges when the layer above has it', async () => {
    const node = loneNode(SimpleBroadcast, { neighbours: ['n2'] });
    expect(await node.algorithm.handlers.data('n2', { payload: 'x' })).toBeNull();
    expect(node.delivered).toEqual([{ type: 'got', message: { from: 'n2', payload: 'x' } }]);
  });
});

describe('the upper layer', () => {
  const upper = (settings: Record<string, unknown>, silent: string[] = []) => {
    const said: unknown[] = [];
    const broadcast = {
      broadcast: async (payload: unknown) => {
        said.push(payload);
        return silent;
      },
    };
    const neighbours = ['n2', 'n3'];
    return {
      said,
      ...loneNode(SimpleBroadcastUpper, { neighbours, settings, children: { broadcast } }),
    };
  };

  test('says its texts, then how many they were', async () => {
    const { algorithm, said } = upper({ start_node: true, messages: ['a', 'b'] }, ['n3']);
    await algorithm.onStart();
    expect(said).toEqual([
      { kind: 'send', index: 0, text: 'a' },
      { kind: 'send', index: 1, text: 'b' },
      { kind: 'echo', sends: 2 },
    ]);
    expect(algorithm.report()).toMatchObject({ unacknowledged: ['n3'] });
  });

  test('says nothing when it is no start node', async () => {
    const { algorithm, said } = upper({ start_node: false, messages: ['a'] });
    await algorithm.onStart();
    expect(said).toEqual([]);
  });

  test('counts each text of each speaker once, whatever the order', () => {
    const { algorithm } = upper({ start_node: false });
    const { got } = algorithm.delivered.broadcast;
    void got({ from: 'n2', payload: { kind: 'echo', sends: 2 } });
    void got({ from: 'n2', payload: { kind: 'send', index: 1, text: 'b' } });
    expect(algorithm.report()).toMatchObject({
      sends_received: 1,
      echoes_received: 1,
      complete: 0,
    });
    void got({ from: 'n2', payload: { kind: 'send', index: 1, text: 'b' } });
    void got({ from: 'n2', payload: { kind: 'send', index: 0, text: 'a' } });
    void got({ from: 'n3', payload: { kind: 'send', index: 0, text: 'c' } });
    expect(algorithm.report()).toMatchObject({
      sends_received: 3,
      echoes_received: 1,
      complete: 1,
    });
  });

  test.each([{ kind: 'shout' }, { kind: 'send', index: -1, text: 'x' }, 'text', null])(
    'refuses %j, which makes no sense to it',
    (payload) => {
      const { algorithm } = upper({ start_node: false });
      const hear = () => algorithm.delivered.broadcast.got({ from: 'n2', payload });
      expect(hear).toThrow(expect.objectContaining({ name: 'Refusal' }));
      expect(algorithm.report()).toMatchObject({ sends_received: 0 });
    },
  );
});

const node = (more: Partial<SimpleBroadcastState>): Sketch<SimpleBroadcastState> => ({
  state: {
    start_node: false,
    sends: 0,
    echoed: false,
    silent: [],
    neighbours: ['n1', 'n2'],
    heard: {},
    ...more,
  },
});

const all = { n1: { indexes: [0, 1], announced: 2 } };
const speaker = node({ start_node: true, sends: 2, echoed: true, neighbours: ['n2'], heard: all });
const good = { n1: { ...speaker, status: 'finished' as const }, n2: node({ heard: all }) };

describeInvariants(invariants, situation(good), {
  'No creation: what is heard was broadcast': [
    situation({ ...good, n2: node({ heard: { n1: { indexes: [2], announced: null } } }) }),
    /n2 heard text 2 of n1, which sent 2/,
  ],
  'No duplication: every text counts once': [
    situation({ ...good, n2: node({ heard: { n1: { indexes: [0, 0], announced: 2 } } }) }),
    /n2 counts a text of n1 twice/,
  ],
  'Validity: whoever has done its part was heard in full by itself and all its neighbours': [
    situation({ ...good, n2: node({ heard: { n1: { indexes: [1], announced: 2 } } }) }),
    /n2 heard 1 of 2 texts of n1/,
  ],
});

test('an announcement that was not made is a creation', () => {
  const view = situation({ ...good, n2: node({ heard: { n1: { indexes: [], announced: 5 } } }) });
  expect(invariants[0]!.check(view)).toMatch(/announce 5 texts, and it sent 2/);
});

test('a neighbour that did not acknowledge is excused', () => {
  const n1 = { ...good.n1, state: { ...speaker.state, silent: ['n2'] } };
  expect(invariants[2]!.check(situation({ n1, n2: node({}) }))).toBeUndefined();
});

test('the picture counts what was heard of each speaker', () => {
  expect(chapter.view!(good.n2.state)).toMatchObject({ role: 'listener', badges: ['n1 2/2'] });
  const early = node({ heard: { n1: { indexes: [0], announced: null } } }).state;
  expect(chapter.view!(early).badges).toEqual(['n1 1/?']);
});
