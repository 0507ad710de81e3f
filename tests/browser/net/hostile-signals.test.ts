/** Negotiations whose signals are late, mixed up, forged, or no signals at all. */

import { describe, expect, test } from 'vitest';
import { toHex } from '../../../src/net/hex.ts';
import { NEGOTIATION_SIGNALS_MAX } from '../../../src/net/limits.ts';
import { FLOODED } from '../../../src/net/rtc/endings.ts';
import { fc } from '../../support/property.ts';
import { begin, connect, carries, newParty, opened, type Side } from './negotiations.ts';

/** The kinds that share a wire, whichever of the two begins. */
const PAIRS = [
  ['simple-peer', 'simple-peer'],
  ['native', 'native'],
  ['native', 'simple-peer'],
  ['simple-peer', 'native'],
] as const;

const isCandidate = (data: unknown) => (data as { type: string }).type === 'candidate';

const swapFingerprint = (data: unknown) => {
  const signal = data as { readonly sdp?: string };
  if (signal.sdp === undefined) return data;
  const forged = Array.from({ length: 32 }, () => 'AB').join(':');
  return { ...signal, sdp: signal.sdp.replace(/(a=fingerprint:sha-256 )\S+/g, `$1${forged}`) };
};

describe.each(PAIRS)('%s and %s', (leftKind, rightKind) => {
  test('connect when the only candidate of each side comes before its description', async () => {
    const described = { left: undefined as unknown, right: undefined as unknown };
    const { left, right, close } = connect(newParty(leftKind), newParty(rightKind), {
      carry: (data, deliver, from) => {
        if (!isCandidate(data)) described[from] = data;
        else if (described[from] !== undefined) {
          deliver(data);
          deliver(described[from]);
          described[from] = undefined;
        }
      },
    });
    await Promise.all([opened(left), opened(right)]);
    close();
  });

  test('connect once, when every signal is delivered three times', async () => {
    const { left, right, close } = connect(newParty(leftKind), newParty(rightKind), {
      carry: (data, deliver) => {
        for (let i = 0; i < 3; i++) deliver(structuredClone(data));
      },
    });
    const [ours, theirs] = await Promise.all([opened(left), opened(right)]);
    await carries(ours.data, theirs.data, 'once');
    expect([left.told.channels, left.told.secured, left.told.closed]).toEqual([1, 1, 0]);
    close();
  });

  test('keep an open connection when all of its signals are played again, to either of them', async () => {
    const { left, right, close } = connect(newParty(leftKind), newParty(rightKind));
    const [ours, theirs] = await Promise.all([opened(left), opened(right)]);
    for (const data of [...left.signals, ...right.signals]) {
      left.negotiation.signal(structuredClone(data));
      right.negotiation.signal(structuredClone(data));
    }
    for (let i = 0; i < 20; i++) {
      await carries(ours.data, theirs.data, `there ${i}`);
      await carries(theirs.data, ours.data, `back ${i}`);
    }
    expect([left.told.closed, right.told.closed]).toEqual([0, 0]);
    close();
  });

  test('do not connect when somebody has changed a fingerprint on the way', async () => {
    for (const forger of ['left', 'right'] as const) {
      const { left, right, close } = connect(newParty(leftKind), newParty(rightKind), {
        carry: (data, deliver, from) => deliver(from === forger ? swapFingerprint(data) : data),
      });
      const victim = forger === 'left' ? right : left;
      expect((await victim.closed).reason).toMatch(/not the one that was announced/);
      expect(victim.told.secured).toBe(0);
      for (const side of [left, right]) {
        for (const { readyState } of Object.values(await side.channels)) {
          expect(readyState).not.toBe('open');
        }
      }
      close();
    }
  });

  test('show by their certificates that somebody sits between them', async () => {
    const [one, other] = [newParty(leftKind), newParty(rightKind)];
    const [towardsOne, towardsOther] = [newParty('native'), newParty('native')];
    const first = connect(one, towardsOne);
    const second = connect(towardsOther, other);
    await Promise.all(
      [first.left, first.right, second.left, second.right].map((side) => opened(side)),
    );
    const ours = await first.left.certificates;
    const theirs = await second.right.certificates;
    expect(toHex(ours.other)).not.toBe(toHex(theirs.own));
    expect(toHex(theirs.other)).not.toBe(toHex(ours.own));
    first.close();
    second.close();
  });
});

describe.each(['simple-peer', 'native'] as const)('%s alone', (kind) => {
  const alone = (isInitiator: boolean): Side =>
    begin(newParty(kind), { isInitiator, attempt: '1.1', remoteName: 'nobody' }, {});

  test.each([
    ['nonsense', 'nonsense'],
    ['nothing', ''],
    ['half a description', 'v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\n'],
  ])('ends when an offer is %s', async (_, sdp) => {
    const side = alone(false);
    side.negotiation.signal({ type: 'offer', sdp });
    expect((await side.closed).kind).toBe('closed');
  });

  test('ends when an answer is nonsense', async () => {
    const side = alone(true);
    while (side.signals.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    side.negotiation.signal({ type: 'answer', sdp: 'nonsense' });
    expect((await side.closed).kind).toBe('closed');
  });

  test('hears no answer that nobody asked for, and no offer when it makes them', async () => {
    const [asked, asking] = [alone(false), alone(true)];
    asked.negotiation.signal({ type: 'answer', sdp: 'nonsense' });
    asking.negotiation.signal({ type: 'offer', sdp: 'nonsense' });
    while (asking.signals.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect([asked.told.closed, asking.told.closed]).toEqual([0, 0]);
    asked.negotiation.close();
    asking.negotiation.close();
  });

  test('ends when more signals come than a negotiation takes', async () => {
    const side = alone(false);
    for (let i = 0; i <= NEGOTIATION_SIGNALS_MAX; i++) side.negotiation.signal({ i });
    expect(await side.closed).toEqual(FLOODED);
  });

  test('throws nothing, whatever comes, and ends once at most', async () => {
    const junk = fc.oneof(
      fc.anything(),
      fc.record({ type: fc.constantFrom('offer', 'answer'), sdp: fc.string() }),
      fc.record({
        type: fc.constant('candidate'),
        candidate: fc.record({ candidate: fc.string(), sdpMid: fc.constantFrom('0', 'x', null) }),
      }),
      fc.constantFrom({ type: 'renegotiate', renegotiate: true }, { renegotiate: true }),
    );
    const batches = fc.sample(fc.array(junk, { minLength: 100, maxLength: 100 }), 40);
    const sides = batches.map((batch, i) => {
      const side = alone(i % 2 === 0);
      for (const data of batch) side.negotiation.signal(data);
      return side;
    });
    for (const { negotiation } of sides) negotiation.close();
    await Promise.all(sides.map(({ closed }) => closed));
    for (const { told } of sides) expect(told.closed).toBe(1);
  });
});
