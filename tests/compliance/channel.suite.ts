/** What every implementation of `Channel` promises. One line for each of them runs it. */

import { afterEach, beforeEach, describe, expect } from 'vitest';
import { FRAME_BYTES_MAX } from '../../src/net/limits.ts';
import { often, test, testOften } from '../support/often.ts';
import { NUMBER_BYTES, type FrameOrder, type ChannelEnd } from './channel-end.ts';

/** Both ends of one new channel. */
export interface ChannelPair {
  readonly left: ChannelEnd;
  readonly right: ChannelEnd;
  /** Lets go of everything that was made for it. */
  dispose(): unknown;
}

/** What implementations may differ in. */
export interface ChannelTraits {
  /** True when the other end hears the reason given to `close`. */
  readonly carriesReason: boolean;
  /** False where frames may be lost and overtake one another, as on channels for gossip. */
  readonly isReliable: boolean;
  /** Frames that are more than the queues between the ends hold; 1100 unless given. */
  readonly burstFrames?: number;
}

/** More than the largest queue between the ends holds: sixteen megabytes and some each way. */
const BURST: FrameOrder = { first: 0, count: 1100, sizes: [FRAME_BYTES_MAX] };

const MIXED: FrameOrder = {
  first: 0,
  count: often(120, 400),
  sizes: [NUMBER_BYTES, 5, 1000, FRAME_BYTES_MAX, 17, FRAME_BYTES_MAX - 1],
};

const numbered = ({ first, count }: FrameOrder) =>
  Array.from({ length: count }, (_, i) => first + i);

const bytesOf = ({ count, sizes }: FrameOrder) =>
  Array.from({ length: count }, (_, i) => sizes[i % sizes.length]!).reduce((a, b) => a + b, 0);

/** Declares the tests for one implementation. */
export function channelCompliance(
  name: string,
  makePair: () => Promise<ChannelPair>,
  traits: ChannelTraits,
): void {
  describe(`channel compliance: ${name}`, () => {
    let pair: ChannelPair;
    beforeEach(async () => {
      pair = await makePair();
    });
    afterEach(() => pair.dispose());
    const bothOpen = () => Promise.all([pair.left.opened(), pair.right.opened()]);

    describe('opening', () => openingTests(() => pair, bothOpen));
    describe('carrying frames', () => {
      if (traits.isReliable) carryingTests(() => pair, bothOpen);
      else lossyTests(() => pair, bothOpen);
    });
    describe('backpressure', () => backpressureTests(() => pair, bothOpen, traits));
    describe('closing', () => closingTests(() => pair, bothOpen, traits));
  });
}

type Pair = () => ChannelPair;
type Open = () => Promise<unknown>;

function openingTests(pair: Pair, bothOpen: Open): void {
  test('it takes nothing before it is open, and opens once at both ends', async () => {
    await bothOpen();
    for (const end of [pair().left, pair().right]) {
      const { state, timesOpened, firstAnswer } = await end.look();
      expect({ state, timesOpened, firstAnswer }).toEqual({
        state: 'open',
        timesOpened: 1,
        firstAnswer: 'full',
      });
    }
  });

  test('whoever waits for an opening channel is told when it is open', async () => {
    const { left, right } = pair();
    // Sent at once: the first attempt is answered with `full`, and `drained` waits for the opening.
    const { sent } = await left.sendFrames({ ...MIXED, count: 3 });
    expect(sent).toBe(3);
    expect((await right.received(1)).numbers.length).toBeGreaterThan(0);
    expect((await right.look()).framesBeforeOpening).toBe(0);
  });
}

function carryingTests(pair: Pair, bothOpen: Open): void {
  test('what was sent while the other end was still opening arrives in order', async () => {
    const { left, right } = pair();
    await left.sendFrames({ ...MIXED, count: 3 });
    expect((await right.received(3)).numbers).toEqual([0, 1, 2]);
  });

  testOften(
    'frames of all sizes arrive once, in order, as they were when they were sent',
    async () => {
      await bothOpen();
      const { left, right } = pair();
      const report = await left.sendFrames(MIXED);
      expect(report.sent).toBe(MIXED.count);
      expect(await right.received(MIXED.count)).toEqual({ numbers: numbered(MIXED), corrupt: 0 });
    },
  );

  testOften('both directions do not disturb each other', async () => {
    await bothOpen();
    const { left, right } = pair();
    const back = { ...MIXED, first: 5000 };
    await Promise.all([left.sendFrames(MIXED), right.sendFrames(back)]);
    expect(await right.received(MIXED.count)).toEqual({ numbers: numbered(MIXED), corrupt: 0 });
    expect(await left.received(back.count)).toEqual({ numbers: numbered(back), corrupt: 0 });
  });

  testOften('it counts frames and bytes at both ends', async () => {
    await bothOpen();
    const { left, right } = pair();
    const back = { ...MIXED, count: 7 };
    await Promise.all([left.sendFrames(MIXED), right.sendFrames(back)]);
    await Promise.all([right.received(MIXED.count), left.received(back.count)]);
    expect((await left.look()).stats).toEqual({
      framesSent: MIXED.count,
      bytesSent: bytesOf(MIXED),
      framesReceived: back.count,
      bytesReceived: bytesOf(back),
    });
    expect((await right.look()).stats).toEqual({
      framesSent: back.count,
      bytesSent: bytesOf(back),
      framesReceived: MIXED.count,
      bytesReceived: bytesOf(MIXED),
    });
  });
}

/** Frames that are sent until one that says so has arrived; enough of the others get through for that to mean something. */
function lossyTests(pair: Pair, bothOpen: Open): void {
  testOften('frames of all sizes arrive as they were when they were sent, none twice', async () => {
    await bothOpen();
    const { left, right } = pair();
    await left.sendFrames(MIXED);
    const { numbers, corrupt } = await untilAfter(MIXED, left, right);
    expect(corrupt).toBe(0);
    expect(new Set(numbers).size).toBe(numbers.length);
    const arrived = numbers.filter((number) => number < MIXED.count);
    expect(arrived.length).toBeGreaterThan(MIXED.count / 10);
  });

  testOften('it counts frames and bytes at both ends', async () => {
    await bothOpen();
    const { left, right } = pair();
    await left.sendFrames(MIXED);
    const { numbers } = await untilAfter(MIXED, left, right);
    const { framesSent, bytesSent } = (await left.look()).stats;
    expect(framesSent).toBeGreaterThan(MIXED.count);
    expect(bytesSent).toBe(bytesOf(MIXED) + (framesSent - MIXED.count) * NUMBER_BYTES);
    const { framesReceived, bytesReceived } = (await right.look()).stats;
    expect(framesReceived).toBeGreaterThanOrEqual(numbers.length);
    expect(bytesReceived).toBeLessThanOrEqual(bytesSent);
  });
}

/** Sends short frames after an order until one of them arrives. */
async function untilAfter(order: FrameOrder, from: ChannelEnd, to: ChannelEnd) {
  let first = order.first + order.count;
  for (;;) {
    await from.sendFrames({ first, count: 1, sizes: [NUMBER_BYTES] });
    first++;
    await new Promise((resolve) => setTimeout(resolve, 0));
    const report = await to.received(0);
    if (report.numbers.some((number) => number >= order.first + order.count)) return report;
  }
}

function backpressureTests(pair: Pair, bothOpen: Open, traits: ChannelTraits): void {
  const { isReliable, burstFrames: count = BURST.count } = traits;
  const burst = { ...BURST, count };
  test('a burst is held back, and nothing of it is lost that must not be', async () => {
    await bothOpen();
    const { left, right } = pair();
    const back = { ...burst, first: 10_000 };
    const [there, andBack] = await Promise.all([left.sendFrames(burst), right.sendFrames(back)]);
    for (const report of [there, andBack]) {
      expect(report.sent).toBe(count);
      expect(report.timesFull).toBeGreaterThan(0);
    }
    expect((await left.look()).state).toBe('open');
    if (!isReliable) return;
    expect(await right.received(count)).toEqual({ numbers: numbered(burst), corrupt: 0 });
    expect(await left.received(count)).toEqual({ numbers: numbered(back), corrupt: 0 });
  }, 60_000);

  test('a full channel takes frames again when it says so', async () => {
    await bothOpen();
    for (const end of [pair().left, pair().right]) {
      expect(await end.fillAndDrain()).toEqual({ filled: 'full', after: 'sent' });
    }
  });

  test('closing lets go of whoever waits for room', async () => {
    await bothOpen();
    const { left, right } = pair();
    const sending = left.sendFrames({ ...BURST, count: 1_000_000 });
    await right.received(1);
    await right.close('enough');
    expect((await sending).sent).toBeLessThan(1_000_000);
    expect(await left.trySend(1)).toBe('closed');
  });
}

function closingTests(pair: Pair, bothOpen: Open, traits: ChannelTraits): void {
  const { carriesReason, isReliable } = traits;
  test('it closes at both ends, once, and says why', async () => {
    await bothOpen();
    const { left, right } = pair();
    await left.close('we are done');
    expect(await left.closed()).toEqual({ reasons: ['we are done'], framesAfterwards: 0 });
    const { reasons } = await right.closed();
    expect(reasons).toHaveLength(1);
    if (carriesReason) expect(reasons).toEqual(['we are done']);
    else expect(reasons[0]).not.toBe('');
    expect((await left.look()).state).toBe('closed');
    expect((await right.look()).state).toBe('closed');
  });

  test('the other end may close it as well', async () => {
    await bothOpen();
    const { left, right } = pair();
    await right.close('bye');
    expect((await right.closed()).reasons).toEqual(['bye']);
    expect((await left.closed()).reasons).toHaveLength(1);
  });

  test('closing again, and from both ends, changes nothing', async () => {
    await bothOpen();
    const { left, right } = pair();
    await Promise.all([left.close('first'), right.close('also')]);
    await left.close('second');
    await Promise.all([left.closed(), right.closed()]);
    await left.close('third');
    expect((await left.closed()).reasons).toEqual(['first']);
    expect((await right.closed()).reasons).toHaveLength(1);
  });

  test('frames that were taken may be lost, but none comes after the end', async () => {
    await bothOpen();
    const { left, right } = pair();
    await left.sendFrames({ ...MIXED, count: 50 });
    await left.close('bye');
    await Promise.all([left.closed(), right.closed()]);
    const { numbers, corrupt } = await right.received(Infinity);
    expect(corrupt).toBe(0);
    expect(new Set(numbers).size).toBe(numbers.length);
    if (isReliable) expect(numbers).toEqual(numbered(MIXED).slice(0, numbers.length));
    expect((await right.closed()).framesAfterwards).toBe(0);
    expect((await left.closed()).framesAfterwards).toBe(0);
  });

  test('a closed channel takes nothing, and lets nobody wait', async () => {
    await bothOpen();
    const { left, right } = pair();
    await left.close('bye');
    await right.closed();
    for (const end of [left, right]) {
      const before = (await end.look()).stats;
      expect(await end.trySend(1)).toBe('closed');
      expect(await end.fillAndDrain()).toEqual({ filled: 'closed', after: 'closed' });
      expect((await end.look()).stats).toEqual(before);
    }
  });

  test('what is no frame closes it at both ends', async () => {
    await bothOpen();
    const { left, right } = pair();
    expect(await left.trySend(FRAME_BYTES_MAX)).toBe('sent');
    expect((await right.received(1)).numbers).toHaveLength(1);
    await left.trySend(FRAME_BYTES_MAX + 1);
    const [ours, theirs] = await Promise.all([left.closed(), right.closed()]);
    expect([...ours.reasons, ...theirs.reasons]).toContain('it sent something that is no frame');
    expect((await right.received(Infinity)).numbers).toHaveLength(1);
  });

  test('it may be closed before it is open', async () => {
    const { left, right } = pair();
    await left.close('never mind');
    expect(await left.closed()).toEqual({ reasons: ['never mind'], framesAfterwards: 0 });
    if (carriesReason) expect((await right.closed()).reasons).toEqual(['never mind']);
    expect(await left.fillAndDrain()).toEqual({ filled: 'closed', after: 'closed' });
    expect((await left.look()).state).toBe('closed');
  });
}
