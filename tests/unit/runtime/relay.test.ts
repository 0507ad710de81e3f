/** The page between data channels and a worker: what it does when one of the two is slow, or gone. */

import { afterEach, describe, expect, test } from 'vitest';
import type { LinkClass } from '../../../src/core/message.ts';
import { eachClass, type Channels } from '../../../src/net/channel.ts';
import { FRAME_BYTES_MAX, MESSAGE_BYTES_MAX, SEND_WINDOW_BYTES } from '../../../src/net/limits.ts';
import { PortChannel } from '../../../src/net/port-channel.ts';
import { relay } from '../../../src/runtime/live/relay.ts';
import { deferred } from '../../support/deferred.ts';
import { FakeChannel } from '../../support/fake-channel.ts';

const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

/** The channels of a link, and the ports behind which they are relayed. */
function relayedLink(): Channels<{ readonly fake: FakeChannel; readonly port: MessagePort }> {
  const fakes = eachClass(() => new FakeChannel());
  const made = relay(eachClass((linkClass) => fakes[linkClass].channel));
  for (const fake of Object.values(fakes)) fake.open();
  ports.push(...Object.values(made));
  return eachClass((linkClass) => ({ fake: fakes[linkClass], port: made[linkClass] }));
}

/** A channel, relayed; `worker` is the worker's end. */
async function relayed(linkClass: LinkClass = 'data') {
  const { fake, port } = relayedLink()[linkClass];
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

  test.each(['control', 'data'] as const)(
    'a worker that does not keep up with %s ends that channel, and not the page',
    async (linkClass) => {
      const { fake } = relayedLink()[linkClass];
      const frame = new ArrayBuffer(FRAME_BYTES_MAX);
      let frames = 0;
      // Nobody reads at the other end. The page keeps some megabytes, and a gigabyte would be too many.
      while (fake.closeCalls === 0 && frames++ < 65_536) fake.receive(frame);
      expect(fake.closeCalls).toBe(1);
      expect(frames * FRAME_BYTES_MAX).toBeGreaterThan(2 * MESSAGE_BYTES_MAX);
      expect(frames * FRAME_BYTES_MAX).toBeLessThan(64 * MESSAGE_BYTES_MAX);
    },
  );

  test('gossip that a worker does not keep up with is lost, and its channel lives', async () => {
    const { fake, port } = relayedLink().gossip;
    const count = 200;
    for (let i = 0; i < count; i++) fake.receive(numbered(i).buffer);
    expect(fake.closeCalls).toBe(0);
    const frames: number[] = [];
    const worker = new PortChannel(port, {
      frame: (frame) => void frames.push(frame[0]!),
      closed: () => {},
    });
    const last = 255;
    // What comes when there is room again is carried.
    while (frames.at(-1) !== last) {
      await rounds(10);
      if (frames.length > 0) fake.receive(numbered(last).buffer);
    }
    expect(worker.state).toBe('open');
    const kept = frames.filter((number) => number !== last);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, i) => i));
    expect(kept.length).toBeLessThan(count / 2);
  });

  test('each class has a way of its own: one that is full holds up no other', async () => {
    const link = relayedLink();
    const carried: string[] = [];
    const ends = eachClass(
      (linkClass) =>
        new PortChannel(link[linkClass].port, {
          frame: () => void carried.push(linkClass),
          closed: () => {},
        }),
    );
    // The data channel never drains: its window fills, and then the port's.
    for (let round = 0; round < 50; round++) {
      while (ends.data.send(numbered(1)) === 'sent');
      await rounds(20);
    }
    for (const linkClass of ['control', 'gossip'] as const) {
      expect(ends[linkClass].send(numbered(2))).toBe('sent');
      while (link[linkClass].fake.sent.length === 0) await rounds(1);
    }
    link.control.fake.receive(numbered(3).buffer);
    while (carried.length === 0) await rounds(1);
    expect(carried).toEqual(['control']);
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
