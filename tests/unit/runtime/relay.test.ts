/** The page between a data channel and a worker: what it does when one of the two is slow, or gone. */

import { afterEach, describe, expect, test } from 'vitest';
import { FRAME_BYTES_MAX, SEND_WINDOW_BYTES } from '../../../src/net/limits.ts';
import { PortChannel } from '../../../src/net/port-channel.ts';
import { relay } from '../../../src/runtime/live/relay.ts';
import { deferred } from '../../support/deferred.ts';
import { FakeChannel } from '../../support/fake-channel.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** A channel, relayed; `worker` is the link at the worker's end. */
async function relayed() {
  const fake = new FakeChannel();
  const port = relay(fake.channel);
  ports.push(port);
  fake.open();
  const frames: number[] = [];
  const opened = deferred();
  const closed = deferred<string>();
  const waiting: (() => void)[] = [];
  const worker = new PortChannel(port, {
    open: opened.resolve,
    frame: (frame) => {
      frames.push(frame[0]!);
      for (const wake of waiting.splice(0)) wake();
    },
    closed: closed.resolve,
  });
  await opened.promise;
  const received = async (count: number) => {
    while (frames.length < count) await new Promise<void>((wake) => waiting.push(wake));
    return frames;
  };
  return { fake, worker, received, closed: closed.promise };
}

/** Lets messages between ports move on; only code that does too much needs it to be seen. */
async function rounds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

const numbered = (number: number) => new Uint8Array(FRAME_BYTES_MAX).fill(number);

describe('a relay', () => {
  test('a slow channel holds the worker back, and loses nothing', async () => {
    const { fake, worker } = await relayed();
    let taken = 0;
    const windowFrames = SEND_WINDOW_BYTES / FRAME_BYTES_MAX + 1;
    for (let round = 0; round < 50; round++) {
      while (worker.send(numbered(taken)) === 'sent') taken++;
      await rounds(20);
    }
    expect(worker.state).toBe('open');
    // One window at the port, and one in the channel.
    expect(taken).toBe(2 * windowFrames);
    while (fake.sent.length < taken) {
      fake.drain();
      await rounds(1);
    }
    expect(fake.sent.map((frame) => frame[0])).toEqual(Array.from({ length: taken }, (_, i) => i));
  });

  test('a fast channel does not overrun the port', async () => {
    const { fake, received } = await relayed();
    for (let i = 0; i < 200; i++) fake.receive(numbered(i).buffer);
    expect(await received(200)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  test('a worker that does not keep up ends the link, and not the page', async () => {
    const fake = new FakeChannel();
    const port = relay(fake.channel);
    ports.push(port);
    fake.open();
    const frame = new ArrayBuffer(FRAME_BYTES_MAX);
    let frames = 0;
    // Nobody reads at the other end. The page keeps some megabytes, and a gigabyte would be too many.
    while (fake.closeCalls === 0 && frames++ < 65_536) fake.receive(frame);
    expect(fake.closeCalls).toBe(1);
    expect(frames).toBeGreaterThan(1000);
    expect(frames).toBeLessThan(16_384);
  });

  test('the channel’s end is the port’s end', async () => {
    const { fake, closed } = await relayed();
    fake.onclose?.();
    expect(await closed).toBe('the data channel was closed');
  });

  test('the worker’s end is the channel’s end', async () => {
    const { fake, worker } = await relayed();
    worker.close('done');
    while (fake.closeCalls === 0) await rounds(1);
    expect(fake.readyState).toBe('closed');
  });
});
