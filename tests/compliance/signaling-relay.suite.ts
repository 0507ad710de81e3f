/** What every implementation of `Signaling` promises of relayed frames. */
import { expect, test } from 'vitest';
import { RELAY_DATA_LENGTH_MAX, RELAY_WINDOW_BYTES } from '../../src/net/signaling/protocol.ts';
import type { Signaling } from '../../src/net/signaling/signaling.ts';
import type { Join } from './signaling.suite.ts';

/** Declares the tests of relaying. */
export function relayTests(join: Join, connect: () => Signaling): void {
  test('relayed frames arrive in order and say who sent them', async () => {
    const [ada, bob] = [await join(), await join({ incarnation: 7 })];
    const frames = Array.from({ length: 50 }, (_, index) => btoa(`frame ${index}`));
    for (const frame of frames) {
      expect(bob.signaling.relay(ada.request.member, frame)).toBe('sent');
    }
    await ada.heard.until('relay', ({ data }) => data === frames.at(-1));
    const heard = ada.heard.all('relay');
    expect(heard.map(({ data }) => data)).toEqual(frames);
    expect(heard[0]).toEqual({ from: bob.request.member, fromIncarnation: 7, data: frames[0] });
    expect(bob.heard.all('relay')).toEqual([]);
  });

  test('whoever waits for room loses nothing', async () => {
    const [ada, bob] = [await join(), await join()];
    const frame = (index: number): string => btoa(String(index).padStart(12_000, ' '));
    const count = Math.ceil((4 * RELAY_WINDOW_BYTES) / frame(0).length);
    let waits = 0;
    for (let index = 0; index < count;) {
      const outcome = bob.signaling.relay(ada.request.member, frame(index));
      if (outcome === 'sent') index++;
      else {
        expect(outcome).toBe('full');
        waits++;
        await bob.heard.until('relayDrained', () => {
          return bob.heard.all('relayDrained').length >= waits;
        });
      }
    }
    await ada.heard.until('relay', ({ data }) => data === frame(count - 1));
    expect(ada.heard.all('relay').map(({ data }) => Number(atob(data)))).toEqual(
      Array.from({ length: count }, (_, index) => index),
    );
    expect(waits).toBeGreaterThan(0);
    expect(bob.heard.all('problem')).toEqual([]);
  });

  test('a full window lets signals pass', async () => {
    const [ada, bob] = [await join(), await join()];
    const data = 'A'.repeat(RELAY_DATA_LENGTH_MAX);
    while (bob.signaling.relay(ada.request.member, data) === 'sent');
    expect(bob.signaling.signal(ada.request.member, 'beside it')).toBe('sent');
    await ada.heard.until('signal', ({ payload }) => payload === 'beside it');
  });

  test('to nobody is reported as a problem, and does not use the window up', async () => {
    const bob = await join();
    const data = 'A'.repeat(RELAY_DATA_LENGTH_MAX);
    for (let round = 0; round < 3; round++) {
      while (bob.signaling.relay('somebody-else', data) === 'sent');
      await bob.heard.until('relayDrained', () => bob.heard.all('relayDrained').length > round);
    }
    const problem = await bob.heard.until('problem');
    expect(problem).toMatchObject({ code: 'unknown-member', member: 'somebody-else' });
  });

  test('what is no base64 or too long is refused at the call, and before the join all is', async () => {
    const [ada, bob] = [await join(), await join()];
    const tooLong = 'A'.repeat(RELAY_DATA_LENGTH_MAX + 4);
    for (const data of ['', 'AAA', 'AA A', 'AA-_', '=AAA', 'A===', 'ÄÄÄÄ', tooLong]) {
      expect(() => ada.signaling.relay(bob.request.member, data)).toThrow(
        expect.objectContaining({ code: 'bad-message' }),
      );
    }
    expect(connect().relay(bob.request.member, 'AAAA')).toBe('closed');
    ada.signaling.close();
    expect(ada.signaling.relay(bob.request.member, 'AAAA')).toBe('closed');
  });
}
