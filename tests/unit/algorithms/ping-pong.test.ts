import { describe, expect, test } from 'vitest';
import { chapter } from '../../../src/algorithms/pingpong/index.ts';
import { invariants } from '../../../src/algorithms/pingpong/invariants.ts';
import {
  PingPong,
  type Game,
  type PingPongState,
} from '../../../src/algorithms/pingpong/ping-pong.ts';
import { RequestTimeout } from '../../../src/core/errors.ts';
import { describeInvariants, situation, type Sketch } from './bad-views.ts';
import { Later, loneNode, settled } from './lone-node.ts';

describe('who serves', () => {
  test('serves the next ball when the last one is back, and is done after the last', async () => {
    const node = loneNode(PingPong, {
      neighbours: ['n2'],
      settings: { initiator: true, max_rounds: 2 },
      answer: ({ message }) => `ACK_Ping_${message.sequence}`,
    });
    node.algorithm.onStart();
    await settled();
    expect(node.sent).toMatchObject([{ to: 'n2', type: 'ping', message: { sequence: 0 } }]);
    await node.algorithm.handlers.pong('n2', { sequence: 0 });
    await settled();
    expect(node.sent).toHaveLength(2);
    expect(node.terminations).toBe(0);
    await node.algorithm.handlers.pong('n2', { sequence: 1 });
    expect(node.sent).toHaveLength(2);
    expect(node.terminations).toBe(1);
    expect(node.log).toContain('n2 answered ACK_Ping_1');
  });

  test('is not done while an answer is out, though all balls are back', async () => {
    const answer = new Later<string>();
    const node = loneNode(PingPong, {
      neighbours: ['n2'],
      settings: { initiator: true, max_rounds: 1 },
      answer: () => answer.promise,
    });
    node.algorithm.onStart();
    await node.algorithm.handlers.pong('n2', { sequence: 0 });
    await settled();
    expect(node.terminations).toBe(0);
    answer.resolve('ACK_Ping_0');
    await settled();
    expect(node.terminations).toBe(1);
  });

  test('lets balls through that it did not expect', async () => {
    const node = loneNode(PingPong, { neighbours: ['n2'], settings: { initiator: true } });
    node.algorithm.onStart();
    await node.algorithm.handlers.pong('n2', { sequence: 0 });
    await node.algorithm.handlers.pong('n2', { sequence: 0 });
    await node.algorithm.handlers.pong('n9', { sequence: 0 });
    await settled();
    expect(node.sent).toHaveLength(2);
    expect(node.algorithm.state().games['n2']).toMatchObject({ served: 2, returned: 1 });
  });

  test('abandons a game that is not answered, and plays the others', async () => {
    const node = loneNode(PingPong, {
      neighbours: ['n2', 'n3'],
      settings: { initiator: true, max_rounds: 1 },
      answer: ({ to }) => {
        if (to === 'n2') throw new RequestTimeout('n2', 'ping', 10);
        return 'ACK_Ping_0';
      },
    });
    node.algorithm.onStart();
    await settled();
    expect(node.terminations).toBe(0);
    await node.algorithm.handlers.pong('n3', { sequence: 0 });
    expect(node.terminations).toBe(1);
    expect(node.algorithm.report()).toMatchObject({ pongs_received: 1, abandoned: ['n2'] });
  });
});

describe('who returns', () => {
  test('is done from the beginning, and returns any number of rounds', async () => {
    const node = loneNode(PingPong, { neighbours: ['n2'], settings: { initiator: false } });
    node.algorithm.onStart();
    expect(node.terminations).toBe(1);
    for (let sequence = 0; sequence < 20; sequence++) {
      const answer = await node.algorithm.handlers.ping('n2', { sequence });
      expect(answer).toBe(`ACK_Ping_${sequence}`);
    }
    expect(node.sent).toHaveLength(20);
    expect(node.sent.at(-1)).toMatchObject({ to: 'n2', type: 'pong', message: { sequence: 19 } });
    expect(node.algorithm.state().returned_to).toEqual({ n2: 20 });
  });

  test('refuses a ball from somebody it cannot reach', async () => {
    const node = loneNode(PingPong, { neighbours: ['n2'], settings: { initiator: false } });
    const ball = node.algorithm.handlers.ping('n3', { sequence: 0 });
    await expect(ball).rejects.toMatchObject({ name: 'Refusal' });
    expect(node.algorithm.report()).toMatchObject({ pings_received: 0 });
  });
});

const game = (more: Partial<Game>): Game => ({
  served: 2,
  acknowledged: 1,
  returned: 1,
  abandoned: null,
  ...more,
});

const player = (more: Partial<PingPongState>): Sketch<PingPongState> => ({
  state: { initiator: false, max_rounds: 3, games: {}, returned_to: {}, ...more },
});

const server = (more: Partial<Game> = {}) => player({ initiator: true, games: { n2: game(more) } });
const good = { n1: server(), n2: player({ returned_to: { n1: 2 } }) };

describeInvariants(invariants, situation(good), {
  'There is one ball in each game': [
    situation({ ...good, n1: server({ served: 3 }) }),
    /n1 served 3 balls to n2, and 1 came back/,
  ],
  'Only balls that were served come back, and only those sent back arrive': [
    situation({ ...good, n2: player({ returned_to: { n1: 3 } }) }),
    /n1 served 2, n2 sent back 3/,
  ],
  'A game is as long as the one who serves wants it': [
    situation({ ...good, n1: { ...server(), status: 'finished' } }),
    /n1 \(finished\) played 1 of 3 with n2/,
  ],
});

test('an abandoned game may be short', () => {
  const n1 = { ...server({ abandoned: 'n2 is gone' }), status: 'finished' as const };
  expect(invariants[2]!.check(situation({ ...good, n1 }))).toBeUndefined();
});

test('the picture counts rounds', () => {
  expect(chapter.view!(good.n1.state)).toMatchObject({ role: 'server', badges: ['n2 1/3'] });
  expect(chapter.view!(good.n2.state)).toMatchObject({ role: 'returner', badges: ['n1: 2'] });
  const off = server({ abandoned: 'n2 is gone' }).state;
  expect(chapter.view!(off).badges).toEqual(['n2 off']);
});
