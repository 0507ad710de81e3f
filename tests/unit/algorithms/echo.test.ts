import { describe, expect, test } from 'vitest';
import { Echo, type EchoState } from '../../../src/algorithms/echo/echo.ts';
import { chapter } from '../../../src/algorithms/echo/index.ts';
import { invariants } from '../../../src/algorithms/echo/invariants.ts';
import { PeerGone } from '../../../src/core/errors.ts';
import { describeInvariants, situation, type Sketch } from './bad-views.ts';
import { Later, loneNode, settled, type Sent } from './lone-node.ts';

const echoOf = (sent: Sent) => ({ sender: sent.to, message: sent.message.message });

describe('a start node', () => {
  test('calls all its neighbours before it waits, in 43 bytes of JSON', async () => {
    const answers = new Later<unknown>();
    const { algorithm, sent } = loneNode(Echo, {
      neighbours: ['node2', 'node3'],
      settings: { start_node: true },
      answer: () => answers.promise,
    });
    void algorithm.onStart();
    expect(sent.map(({ to }) => to)).toEqual(['node2', 'node3']);
    const body = JSON.stringify({ ...sent[0]!.message, sender: 'node1' });
    expect(body).toBe('{"sender":"node1","message":"Hello world!"}');
    expect(body).toHaveLength(43);
  });

  test('is done when the last answer is in', async () => {
    const slow = new Later<unknown>();
    const node = loneNode(Echo, {
      neighbours: ['n2', 'n3'],
      settings: { start_node: true },
      answer: (sent) => (sent.to === 'n3' ? slow.promise : echoOf(sent)),
    });
    void node.algorithm.onStart();
    await settled();
    expect(node.algorithm.state()).toMatchObject({ awaiting: ['n3'], answered: ['n2'] });
    expect(node.terminations).toBe(0);
    slow.resolve({ sender: 'n3', message: 'Hello world!' });
    await settled();
    expect(node.terminations).toBe(1);
    expect(node.algorithm.report()).toMatchObject({ answers_received: 2, unanswered: [] });
  });

  test('is done without those who are gone, and says who', async () => {
    const node = loneNode(Echo, {
      neighbours: ['n2', 'n3'],
      settings: { start_node: true },
      answer: (sent) => {
        if (sent.to === 'n2') throw new PeerGone('n2', 'message');
        return echoOf(sent);
      },
    });
    await node.algorithm.onStart();
    expect(node.terminations).toBe(1);
    expect(node.algorithm.report()).toMatchObject({ answers_received: 1, unanswered: ['n2'] });
    expect(node.log.join()).toContain('n2 is gone');
  });
});

test('a listener is done at once, and answers in its own name', async () => {
  const node = loneNode(Echo, { neighbours: ['n2'], settings: { start_node: false } });
  await node.algorithm.onStart();
  expect(node.terminations).toBe(1);
  expect(node.sent).toEqual([]);
  const answer = node.algorithm.handlers.message('n2', { sender: 'n2', message: 'Hello world!' });
  expect(answer).toEqual({ sender: 'n1', message: 'Hello world!' });
  expect(node.algorithm.report()).toMatchObject({ messages_received: 1 });
});

const node = (more: Partial<EchoState>): Sketch<EchoState> => ({
  state: { start_node: false, awaiting: [], answered: [], silent: [], heard: {}, ...more },
});

const caller = node({ start_node: true, awaiting: ['n3'], answered: ['n2'] });
const good = { n1: caller, n2: node({ heard: { n1: 1 } }), n3: node({}) };

describeInvariants(invariants, situation(good), {
  'Whoever answered a call had heard it': [
    situation({ ...good, n2: node({}) }),
    /n1 has an answer of n2/,
  ],
  'Only what a start node called is heard': [
    situation({ ...good, n3: node({ heard: { n2: 1 } }) }),
    /n3 heard a call that n2 did not make/,
  ],
  'A node has done its part only when nobody owes it an answer': [
    situation({ ...good, n1: { ...caller, status: 'finished' } }),
    /n1 is finished and still waits for n3/,
  ],
});

test('the picture tells callers from listeners', () => {
  expect(chapter.view!(caller.state)).toMatchObject({ role: 'start node', badges: ['1/2'] });
  expect(chapter.view!(good.n2.state)).toMatchObject({ role: 'listener', badges: ['heard 1'] });
});
