/** Negotiations by simple-peer: what they do when somebody leaves, or talks nonsense. */

import { describe, expect, test } from 'vitest';
import { negotiate } from '../../../src/net/simple-peer.ts';
import { deferred } from '../../support/deferred.ts';
import { negotiateBoth } from './channels.ts';

function opened(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve) => {
    channel.onopen = () => resolve();
    if (channel.readyState === 'open') resolve();
  });
}

describe('a negotiation', () => {
  test('opens the channel at both sides; it is the agreed one', async () => {
    const { left, right, close } = negotiateBoth();
    await Promise.all([opened(left.channel), opened(right.channel)]);
    for (const { channel } of [left, right]) {
      expect(channel).toMatchObject({ label: 'parley', negotiated: true, id: 7, ordered: true });
    }
    close();
  });

  test('tells both sides when one of them closes it, once it is there', async () => {
    const { left, right, closed, close } = negotiateBoth();
    await Promise.all([opened(left.channel), opened(right.channel)]);
    right.close();
    for (const reason of await closed) expect(reason).not.toBe('');
    close();
  });

  test('may be closed before anything came of it, and twice', async () => {
    const reason = deferred<string>();
    const negotiation = negotiate(true, [], { signal: () => {}, closed: reason.resolve });
    negotiation.close();
    negotiation.close();
    expect(await reason.promise).not.toBe('');
    negotiation.signal({ type: 'answer', sdp: '' });
  });

  test.each([
    ['null', null],
    ['a text', 'hello'],
    ['a number', 5],
    ['undefined', undefined],
  ])('does not listen to %s', async (_, junk) => {
    const { left, right, close } = negotiateBoth();
    left.signal(junk);
    right.signal(junk);
    await Promise.all([opened(left.channel), opened(right.channel)]);
    close();
  });

  test.each([
    ['an empty map', {}],
    ['a list', []],
    ['an offer that is none', { type: 'offer', sdp: 'nonsense' }],
    ['an answer that nobody asked for', { type: 'answer', sdp: 'v=0' }],
    ['an offer without content', { type: 'offer' }],
    ['an unknown type', { type: 'dance', sdp: {} }],
  ])('ends when it hears nonsense, and throws nothing: %s', async (_, junk) => {
    const reason = deferred<string>();
    const negotiation = negotiate(false, [], { signal: () => {}, closed: reason.resolve });
    expect(() => negotiation.signal(junk)).not.toThrow();
    expect(await reason.promise).not.toBe('');
  });
});
