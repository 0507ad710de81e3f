import { describe, expect, test } from 'vitest';
import { flawOf } from '../../../src/algorithms/message_chain/chain.ts';
import { chapter } from '../../../src/algorithms/message_chain/index.ts';
import { invariants } from '../../../src/algorithms/message_chain/invariants.ts';
import {
  MessageChain,
  type MessageChainState,
} from '../../../src/algorithms/message_chain/message-chain.ts';
import type { Hop } from '../../../src/algorithms/message_chain/messages.ts';
import { PeerGone } from '../../../src/core/errors.ts';
import { REQUEST_TIMEOUT_MS } from '../../../src/core/message.ts';
import { signedValue } from '../../../src/core/signed.ts';
import { describeInvariants, situation, type Sketch } from './bad-views.ts';
import { Later, loneNode, settled } from './lone-node.ts';

/** What `signer` signed, true or not. */
function hop(signer: string, number: number, path: readonly string[], value = 'x'): Hop {
  const fields = { hop: number, path: [...path], value };
  return signedValue({ type: 'Hop', path: 'message_chain', signer, fields, signature: undefined });
}

/** A chain as honest nodes make it. */
function chainOf(path: readonly string[], value = 'x'): Hop[] {
  return path.map((signer, index) => hop(signer, index, path.slice(0, index), value));
}

describe('a chain', () => {
  const arrival = { sender: 'c', receiver: 'd', hopsMax: 3 };

  test('is well formed when every hop vouches for the path before it', () => {
    expect(flawOf(chainOf(['a', 'b', 'c']), arrival)).toBeUndefined();
    expect(flawOf(chainOf(['c']), arrival)).toBeUndefined();
  });

  test.each<[what: string, chain: Hop[], flaw: RegExp]>([
    ['nothing', [], /empty/],
    ['too many hops', chainOf(['x', 'a', 'b', 'c']), /more than 3 hops/],
    ['another sender', chainOf(['a', 'b']), /last signer is b/],
    ['a way through the receiver', chainOf(['a', 'd', 'c']), /been here before/],
    ['a circle', chainOf(['c', 'b', 'c']), /signed it twice/],
    ['a missing hop', [...chainOf(['a']), hop('c', 2, ['a', 'b'])], /signed hop 2 where hop 1/],
    ['a changed value', [...chainOf(['a']), hop('c', 1, ['a'], 'y')], /another value than a/],
    ['spliced chains', [...chainOf(['a', 'b']), hop('c', 2, ['a', 'e'])], /path a → e/],
    ['a hop without its path', [...chainOf(['a']), hop('c', 1, [])], /\(empty\)/],
  ])('%s is rejected', (_, chain, flaw) => {
    expect(flawOf(chain, arrival)).toMatch(flaw);
  });
});

const relay = { is_initiator: false, max_hops: 3 };

describe('a relay', () => {
  test('is done at once, adds its hop and sends to all who have not signed', async () => {
    const node = loneNode(MessageChain, { neighbours: ['n2', 'n3', 'n4', 'n5'], settings: relay });
    await node.algorithm.onStart();
    expect(node.terminations).toBe(1);
    await node.algorithm.handlers.bundle('n3', { chain: chainOf(['n2', 'n3']) });
    expect(node.sent.map(({ to }) => to)).toEqual(['n4', 'n5']);
    const { chain } = node.sent[0]!.message;
    expect(chain.map(String)).toEqual([
      'Hop(hop=0, path=[], value=x) (signed by n2)',
      'Hop(hop=1, path=[n2], value=x) (signed by n3)',
      'Hop(hop=2, path=[n2, n3], value=x) (signed by n1)',
    ]);
    expect(flawOf(chain, { sender: 'n1', receiver: 'n4', hopsMax: 3 })).toBeUndefined();
    expect(node.algorithm.report()).toMatchObject({ chains_received: 1, values: { n2: ['x'] } });
  });

  test('keeps a chain that has gone as far as it may', async () => {
    const node = loneNode(MessageChain, { neighbours: ['n2', 'n3', 'n4', 'n5'], settings: relay });
    await node.algorithm.handlers.bundle('n4', { chain: chainOf(['n2', 'n3', 'n4']) });
    expect(node.sent).toEqual([]);
    expect(node.algorithm.state().chains).toEqual([['n2', 'n3', 'n4']]);
  });

  test('answers when all that it caused is answered, a second copy not earlier than the first', async () => {
    const far = new Later<null>();
    const node = loneNode(MessageChain, {
      neighbours: ['n2', 'n3'],
      settings: relay,
      answer: () => far.promise,
    });
    const chain = chainOf(['n2']);
    const answers: string[] = [];
    const ask = async (name: string) => {
      await node.algorithm.handlers.bundle('n2', { chain });
      answers.push(name);
    };
    void ask('first');
    void ask('copy');
    await settled();
    expect(answers).toEqual([]);
    expect(node.sent).toHaveLength(1);
    expect(node.algorithm.state().deficit).toBe(1);
    far.resolve(null);
    await settled();
    expect(answers.toSorted()).toEqual(['copy', 'first']);
    expect(node.algorithm.state().deficit).toBe(0);
  });

  test('waits longer for what has further to go', async () => {
    const node = loneNode(MessageChain, { neighbours: ['n2', 'n3', 'n4'], settings: relay });
    await node.algorithm.handlers.bundle('n2', { chain: chainOf(['n2']) });
    await node.algorithm.handlers.bundle('n3', { chain: chainOf(['n2', 'n3']) });
    const patience = node.sent.map(({ options }) => options?.timeoutMs);
    expect(patience).toEqual([2, 2, 1].map((levels) => levels * REQUEST_TIMEOUT_MS));
  });

  test('is not stopped by a neighbour that is gone', async () => {
    const node = loneNode(MessageChain, {
      neighbours: ['n2', 'n3'],
      settings: relay,
      answer: () => {
        throw new PeerGone('n3', 'bundle');
      },
    });
    await node.algorithm.handlers.bundle('n2', { chain: chainOf(['n2']) });
    expect(node.algorithm.state()).toMatchObject({ deficit: 0, unanswered: 1 });
  });

  test('rejects what is no chain, and answers all the same', async () => {
    const node = loneNode(MessageChain, { neighbours: ['n2', 'n3'], settings: relay });
    const answer = await node.algorithm.handlers.bundle('n3', { chain: chainOf(['n2']) });
    expect(answer).toBeNull();
    expect(node.sent).toEqual([]);
    expect(node.algorithm.state()).toMatchObject({ chains: [], rejected: 1 });
  });

  test('convicts an initiator of two values by two paths; one path carries one value', async () => {
    const node = loneNode(MessageChain, { neighbours: ['n2', 'n3'], settings: relay });
    const receive = (src: string, chain: Hop[]) => node.algorithm.handlers.bundle(src, { chain });
    await receive('n2', chainOf(['n2'], 'attack'));
    await receive('n2', chainOf(['n2'], 'retreat'));
    expect(node.algorithm.state().values).toEqual({ n2: ['attack'] });
    await receive('n3', chainOf(['n2', 'n3'], 'retreat'));
    expect(node.algorithm.state().values).toEqual({ n2: ['attack', 'retreat'] });
    expect(chapter.view!(node.algorithm.state()).badges).toContain('n2 lies');
  });
});

describe('an initiator', () => {
  test('signs hop 0, sends it to all and is done when all is answered', async () => {
    const answer = new Later<null>();
    const node = loneNode(MessageChain, {
      neighbours: ['n2', 'n3'],
      settings: { is_initiator: true, initial_value: 'Hello' },
      answer: () => answer.promise,
    });
    void node.algorithm.onStart();
    await settled();
    expect(node.sent.map(({ message }) => String(message.chain[0]))).toEqual([
      'Hop(hop=0, path=[], value=Hello) (signed by n1)',
      'Hop(hop=0, path=[], value=Hello) (signed by n1)',
    ]);
    expect(node.terminations).toBe(0);
    answer.resolve(null);
    await settled();
    expect(node.terminations).toBe(1);
  });

  test('says hello when it has no value, and nothing when no hop is allowed', async () => {
    const settings = { is_initiator: true, max_hops: 0 };
    const node = loneNode(MessageChain, { neighbours: ['n2'], settings });
    await node.algorithm.onStart();
    expect(node.sent).toEqual([]);
    expect(node.terminations).toBe(1);
    expect(node.algorithm.state().value).toBe('Hello from n1');
  });
});

const node = (
  more: Partial<MessageChainState>,
): Sketch<MessageChainState> & { settings: Record<string, unknown> } => ({
  state: {
    is_initiator: false,
    max_hops: 2,
    value: null,
    chains: [],
    values: {},
    deficit: 0,
    unanswered: 0,
    rejected: 0,
    ...more,
  },
  settings: { is_initiator: more.is_initiator ?? false },
});

const initiator = node({ is_initiator: true, value: 'x', deficit: 1 });
const n2 = node({ chains: [['n1']], values: { n1: ['x'] } });
const n3 = node({ chains: [['n1', 'n2']], values: { n1: ['x'] } });
const good = { n1: initiator, n2, n3 };

describeInvariants(invariants, situation(good), {
  'A chain is a simple path from an initiator, no longer than max_hops': [
    situation({ ...good, n3: node({ chains: [['n2']] }) }),
    /n3 holds the chain n2/,
  ],
  'Whoever signed a chain had received the chain before its signature': [
    situation({ ...good, n2: node({}) }),
    /n3 holds n1 → n2, which n2 never had/,
  ],
  'What arrives is what the initiator said': [
    situation({ ...good, n3: node({ values: { n1: ['x', 'y'] } }) }),
    /n3 has 'y' from n1/,
  ],
  'When all initiators have done their part, no chain is under way': [
    situation({
      ...good,
      n1: { ...node({ is_initiator: true, value: 'x' }), status: 'finished' },
      n2: node({ ...n2.state, deficit: 2 }),
    }),
    /n2 still waits for 2 answers/,
  ],
});

test.each([
  ['through its holder', ['n1', 'n3']],
  ['in a circle', ['n1', 'n2', 'n1']],
  ['longer than max_hops', ['n1', 'n4', 'n2']],
])('a chain may not go %s', (_, path) => {
  const view = situation({ ...good, n3: node({ chains: [path] }) });
  expect(invariants[0]!.check(view)).toMatch(/n3 holds the chain/);
});

test('after a timeout nobody can be sure that it is over', () => {
  const n1 = { ...node({ is_initiator: true, unanswered: 1 }), status: 'finished' as const };
  const view = situation({ n1, n2: node({ deficit: 1 }) });
  expect(invariants[3]!.check(view)).toBeUndefined();
});
