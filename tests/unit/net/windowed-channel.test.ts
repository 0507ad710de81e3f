import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SEND_WINDOW_BYTES } from '../../../src/net/limits.ts';
import type { SendResult } from '../../../src/net/channel.ts';
import { WindowedChannel } from '../../../src/net/windowed-channel.ts';

/** A carrier that empties without ever saying so. */
class MuteLink extends WindowedChannel {
  queuedBytes = 0;
  protected transmit(frame: Uint8Array): SendResult {
    this.queuedBytes += frame.length;
    return 'sent';
  }
  protected hangUp(): void {}
  open(): void {
    this.opened();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a sender goes on although the carrier never said that it has room again', async () => {
  const link = new MuteLink({ frame: () => {}, closed: () => {} });
  link.open();
  link.send(new Uint8Array(SEND_WINDOW_BYTES + 1));
  expect(link.send(new Uint8Array(1))).toBe('full');
  let isDrained = false;
  const drained = link.drained().then(() => {
    isDrained = true;
  });
  await vi.advanceTimersByTimeAsync(2000);
  expect(isDrained).toBe(false);
  link.queuedBytes = 0;
  await vi.advanceTimersByTimeAsync(2000);
  expect(isDrained).toBe(true);
  await drained;
  expect(link.send(new Uint8Array(1))).toBe('sent');
  expect(vi.getTimerCount(), 'nobody waits, nobody looks').toBe(0);
});
