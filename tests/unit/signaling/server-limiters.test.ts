import type { IncomingMessage } from 'node:http';
import { fc } from '../../support/property.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RELAY_DATA_LENGTH_MAX, RELAY_WINDOW_BYTES } from '../../../src/net/signaling/protocol.ts';
import { RelayWindow } from '../../../src/net/signaling/relay-window.ts';
import { clientAddress } from '../../../signaling-server/client-address.ts';
import { JoinLimiter } from '../../../signaling-server/join-limiter.ts';
import { SERVER_LIMITS } from '../../../signaling-server/limits.ts';
import { RelayMeter } from '../../../signaling-server/relay-meter.ts';
import { TokenBucket } from '../../../signaling-server/token-bucket.ts';

test('a token bucket may be charged into debt, and says how long that lasts', () => {
  let nowMs = 0;
  const bucket = new TokenBucket(10, 100, () => nowMs);
  expect(bucket.debtMs()).toBe(0);
  bucket.charge(15);
  expect(bucket.debtMs()).toBe(50);
  expect(bucket.take(1)).toBe(false);
  nowMs += 49;
  expect(bucket.debtMs()).toBe(1);
  nowMs += 1;
  expect(bucket.debtMs()).toBe(0);
  expect(bucket.take(1)).toBe(false);
});

describe('the meter of a relaying client', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const limits = { relayBytesPerSecond: 100_000, relayBurstBytes: 200_000 };
  const setUp = (): { meter: RelayMeter; window: RelayWindow; given: number[] } => {
    const window = new RelayWindow();
    const given: number[] = [];
    const meter = new RelayMeter(
      limits,
      () => performance.now(),
      (bytes) => {
        given.push(bytes);
        window.give(bytes);
      },
    );
    return { meter, window, given };
  };

  test('never complains of a client that keeps to its window, and holds it to the rate', () => {
    const { meter, window } = setUp();
    const startMs = performance.now();
    let relayed = 0;
    while (performance.now() - startMs < 60_000) {
      if (window.take(20_000)) {
        expect(meter.take(20_000)).toBe(true);
        relayed += 20_000;
      } else vi.advanceTimersByTime(10);
    }
    const { relayBytesPerSecond, relayBurstBytes } = limits;
    expect(relayed).toBeLessThanOrEqual(
      relayBurstBytes + RELAY_WINDOW_BYTES + 60 * relayBytesPerSecond,
    );
    // And it is no slower than promised, either.
    expect(relayed).toBeGreaterThan(relayBurstBytes + 59 * relayBytesPerSecond);
  });

  test('a client that waits for room gets it, whatever sizes it sends', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: RELAY_DATA_LENGTH_MAX })), (sizes) => {
        const { meter, window } = setUp();
        for (const size of sizes) {
          if (!window.take(size)) {
            window.await();
            vi.advanceTimersByTime(10_000);
            expect(window.hasDrained()).toBe(true);
            expect(window.hasDrained()).toBe(false);
            expect(window.take(size)).toBe(true);
          }
          expect(meter.take(size)).toBe(true);
        }
        meter.close();
      }),
    );
  });

  test('what goes beyond the window is not taken, and leaves no timer behind', () => {
    const { meter, given } = setUp();
    expect(meter.take(RELAY_WINDOW_BYTES)).toBe(true);
    expect(given).toEqual([RELAY_WINDOW_BYTES]);
    // This goes into debt, and is under way until that is paid.
    expect(meter.take(RELAY_WINDOW_BYTES)).toBe(true);
    expect(meter.take(1)).toBe(false);
    expect(vi.getTimerCount()).toBe(1);
    meter.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(meter.take(1)).toBe(false);
    const told = given.length;
    vi.advanceTimersByTime(60_000);
    expect(given).toHaveLength(told);
  });

  test('a server cannot make a client send more than a window', () => {
    const window = new RelayWindow();
    window.give(1e9);
    expect(window.take(RELAY_WINDOW_BYTES)).toBe(true);
    expect(window.take(1)).toBe(false);
  });
});

describe('joins of an address', () => {
  let nowMs = 0;
  const limits = {
    ...SERVER_LIMITS,
    joinTokens: 100,
    joinTokensPerSecond: 33,
    missedRoomTokens: 32,
    joinAddresses: 3,
  };
  const open = (): JoinLimiter => new JoinLimiter(limits, () => nowMs);

  test('that look for codes come to one a second, those that find their room go on', () => {
    const joins = open();
    const guess = (address: string): boolean => {
      if (!joins.admit(address)) return false;
      joins.missed(address);
      return true;
    };
    let guesses = 0;
    while (guess('a')) guesses++;
    expect(guesses).toBe(4);
    const before = guesses;
    for (let second = 0; second < 600; second++) {
      nowMs += 1_000;
      while (guess('a')) guesses++;
    }
    expect(guesses - before).toBeLessThanOrEqual(600);
    expect(guesses - before).toBeGreaterThan(590);
    for (let index = 0; index < 100; index++) expect(joins.admit('b')).toBe(true);
  });

  test('are remembered for so many addresses, those that asked last', () => {
    const joins = open();
    while (joins.admit('first')) joins.missed('first');
    for (const address of ['second', 'third']) joins.admit(address);
    expect(joins.admit('first')).toBe(false);
    // Somebody has to be forgotten now, and it is not the one who has just asked.
    joins.admit('fourth');
    expect(joins.admit('first')).toBe(false);
    for (const address of ['second', 'third', 'fourth']) joins.admit(address);
    expect(joins.admit('first')).toBe(true);
  });
});

describe('the address of a client', () => {
  const from = (remoteAddress: string | undefined, forwarded?: string): IncomingMessage => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    return { headers, socket: { remoteAddress } } as unknown as IncomingMessage;
  };

  test('is that of its socket; of IPv6 the network', () => {
    expect(clientAddress(from('192.0.2.7'), 0)).toBe('192.0.2.7');
    expect(clientAddress(from('::ffff:192.0.2.7'), 0)).toBe('192.0.2.7');
    const network = '2001:db8:a:0::/64';
    for (const address of ['2001:db8:a::1', '2001:DB8:A:0:ffff::', '2001:db8:000a:0:1:2:3:4']) {
      expect(clientAddress(from(address), 0)).toBe(network);
    }
    expect(clientAddress(from('fe80::1%eth0'), 0)).toBe('fe80:0:0:0::/64');
    expect(clientAddress(from('::1'), 0)).toBe('0:0:0:0::/64');
    expect(clientAddress(from('64:ff9b::192.0.2.7'), 0)).toBe('64:ff9b:0:0::/64');
    expect(clientAddress(from(undefined), 0)).toBe('unknown');
  });

  test('is what the outermost of our proxies saw, and nothing that the client invents', () => {
    const chain = '203.0.113.9, 198.51.100.1,10.0.0.1';
    expect(clientAddress(from('127.0.0.1', chain), 0)).toBe('127.0.0.1');
    expect(clientAddress(from('127.0.0.1', chain), 1)).toBe('10.0.0.1');
    expect(clientAddress(from('127.0.0.1', chain), 2)).toBe('198.51.100.1');
    for (const invented of ['unknown', '', ' , ', '<script>', '1.2.3', '::ffff:1.2.3.4.5']) {
      expect(clientAddress(from('127.0.0.1', invented), 1)).toBe('127.0.0.1');
    }
    expect(clientAddress(from('127.0.0.1', chain), 9)).toBe('127.0.0.1');
    expect(clientAddress(from('127.0.0.1'), 1)).toBe('127.0.0.1');
  });
});
