/** What a data channel does only seldom; the rest is in the compliance suite, with real ones. */

import { describe, expect, test } from 'vitest';
import { RtcChannel } from '../../../src/net/rtc-channel.ts';
import { FRAME_BYTES_MAX, SEND_WINDOW_BYTES } from '../../../src/net/limits.ts';
import { FakeChannel } from '../../support/fake-channel.ts';

function linked() {
  const fake = new FakeChannel();
  const happened: string[] = [];
  const link = new RtcChannel(fake.channel, {
    open: () => happened.push('open'),
    frame: (frame) => {
      happened.push(`frame of ${frame.length}`);
    },
    closed: (reason) => happened.push(`closed: ${reason}`),
  });
  return { fake, link, happened };
}

const frame = new Uint8Array(FRAME_BYTES_MAX);

describe('a link over a data channel', () => {
  test('asks for buffers, not blobs, and to be told at half a window', () => {
    const { fake } = linked();
    expect(fake.binaryType).toBe('arraybuffer');
    expect(fake.bufferedAmountLowThreshold).toBe(SEND_WINDOW_BYTES / 2);
  });

  test('opens when its channel was open before it was made', async () => {
    const fake = new FakeChannel();
    fake.readyState = 'open';
    await new Promise<void>((open) => {
      void new RtcChannel(fake.channel, { open, frame: () => {}, closed: () => {} });
    });
  });

  test('keeps frames that come before the opening until then, so that each can be answered', () => {
    const { fake, link, happened } = linked();
    for (const bytes of [3, 0, 5]) fake.receive(new ArrayBuffer(bytes));
    expect(link.send(frame)).toBe('full');
    expect(happened).toEqual([]);
    fake.open();
    expect(link.send(frame)).toBe('sent');
    fake.receive(new ArrayBuffer(7));
    expect(happened).toEqual(['open', 'frame of 3', 'frame of 0', 'frame of 5', 'frame of 7']);
  });

  test.each([0, 1, FRAME_BYTES_MAX])(
    'closes when more frames of %i bytes come before the opening than it keeps',
    (bytes) => {
      const { fake, happened } = linked();
      for (let i = 0; i < 100_000 && happened.length === 0; i++) {
        fake.receive(new ArrayBuffer(bytes));
      }
      fake.open();
      expect(happened).toEqual(['closed: more came before it was open than could be kept']);
      expect(fake.closeCalls).toBe(1);
    },
  );

  test('hands on no frame when whoever hears of the opening closes it', () => {
    const fake = new FakeChannel();
    const happened: string[] = [];
    const link: RtcChannel = new RtcChannel(fake.channel, {
      open: () => link.close('not wanted'),
      frame: () => happened.push('frame'),
      closed: (reason) => happened.push(reason),
    });
    fake.receive(new ArrayBuffer(3));
    fake.open();
    expect(happened).toEqual(['not wanted']);
  });

  test.each([
    ['a text', 'hello'],
    ['a blob', new Blob(['x'])],
    ['more than a frame', new ArrayBuffer(FRAME_BYTES_MAX + 1)],
  ])('closes when it gets %s', (_, data) => {
    const { fake, happened } = linked();
    fake.open();
    fake.receive(data);
    fake.receive(new ArrayBuffer(1));
    expect(happened).toEqual(['open', 'closed: it sent something that is no frame']);
    expect(fake.closeCalls).toBe(1);
  });

  test('stops at its window, and goes on when half of it is free', async () => {
    const { fake, link } = linked();
    fake.open();
    let taken = 0;
    while (link.send(frame) === 'sent') taken++;
    expect(taken).toBe(SEND_WINDOW_BYTES / FRAME_BYTES_MAX + 1);
    const drained = link.drained().then(() => link.send(frame));
    fake.drain();
    expect(await drained).toBe('sent');
  });

  test('a frame that the channel refuses was not taken', () => {
    const { fake, link } = linked();
    fake.open();
    fake.refusal = new Error('queue full');
    expect(link.send(frame)).toBe('full');
    fake.readyState = 'closing';
    expect(link.send(frame)).toBe('closed');
    expect(link.stats().framesSent).toBe(0);
  });

  test('an error of the channel is not thrown at anybody; its closing follows', () => {
    const { fake, happened } = linked();
    fake.open();
    fake.onerror?.();
    fake.onclose?.();
    expect(happened).toEqual(['open', 'closed: the data channel was closed']);
  });

  test('the closing of a closed link is no news', () => {
    const { fake, link, happened } = linked();
    fake.open();
    link.close('done');
    fake.onclose?.();
    fake.open();
    expect(happened).toEqual(['open', 'closed: done']);
  });
});
