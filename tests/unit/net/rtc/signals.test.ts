/** What two sides of a negotiation signal to each other, and what they do not listen to. */

import { describe, expect, test } from 'vitest';
import {
  CANDIDATE_CHARACTERS_MAX,
  DESCRIPTION_CHARACTERS_MAX,
  NEGOTIATION_SIGNALS_MAX,
} from '../../../../src/net/limits.ts';
import { readRtcSignal, SignalGate } from '../../../../src/net/rtc/signals.ts';
import { fc } from '../../../support/property.ts';

const offer = { type: 'offer', sdp: 'v=0' };
const answer = { type: 'answer', sdp: 'v=0' };
const renegotiate = { type: 'renegotiate', renegotiate: true };
const candidate = {
  type: 'candidate',
  candidate: {
    candidate: 'candidate:1 1 udp 1 10.0.0.1 1 typ host',
    sdpMid: '0',
    sdpMLineIndex: 0,
  },
};
const GOOD = [offer, answer, renegotiate, candidate];

const field = fc.constantFrom('type', 'sdp', 'candidate', 'renegotiate', 'sdpMid', 'sdpMLineIndex');
const leaf = fc.oneof(
  fc.constantFrom('offer', 'answer', 'candidate', 'renegotiate', true, null, undefined, 0, -1, 0.5),
  fc.string(),
  fc.double(),
  fc.constant('x'.repeat(DESCRIPTION_CHARACTERS_MAX + 1)),
);
/** Looks like a signal from afar. */
const almost = fc
  .tuple(
    fc.constantFrom(...GOOD),
    fc.dictionary(field, fc.oneof(leaf, fc.dictionary(field, leaf)), { maxKeys: 2 }),
  )
  .map(([good, changes]) => ({ ...good, ...changes }));

describe('a signal', () => {
  test('is read into an object of its own, without what does not belong to it', () => {
    for (const good of GOOD) {
      const read = readRtcSignal({ ...good, extra: 1, __proto__: { evil: 1 } });
      expect(read).toEqual(good);
      expect(Object.keys(read!)).toEqual(Object.keys(good));
    }
    const bare = { candidate: 'candidate:1', sdpMLineIndex: 1, usernameFragment: 'abcd' };
    expect(readRtcSignal({ type: 'candidate', candidate: bare })).toEqual({
      type: 'candidate',
      candidate: { candidate: 'candidate:1', sdpMid: null, sdpMLineIndex: 1 },
    });
  });

  test('the end of candidates is one, which browsers announce with an empty text', () => {
    const last = { candidate: '', sdpMid: '0', sdpMLineIndex: 0 };
    expect(readRtcSignal({ type: 'candidate', candidate: last })).toBeDefined();
  });

  test('is bounded', () => {
    const text = (length: number) => 'x'.repeat(length);
    expect(readRtcSignal({ ...offer, sdp: text(DESCRIPTION_CHARACTERS_MAX) })).toBeDefined();
    expect(readRtcSignal({ ...offer, sdp: text(DESCRIPTION_CHARACTERS_MAX + 1) })).toBeUndefined();
    const long = (length: number) => ({
      type: 'candidate',
      candidate: { ...candidate.candidate, candidate: text(length) },
    });
    expect(readRtcSignal(long(CANDIDATE_CHARACTERS_MAX))).toBeDefined();
    expect(readRtcSignal(long(CANDIDATE_CHARACTERS_MAX + 1))).toBeUndefined();
  });

  test('whatever comes: reading throws nothing, and gives a good signal or none', () => {
    const anything = fc.oneof(almost, fc.anything(), fc.jsonValue());
    let good = 0;
    fc.assert(
      fc.property(anything, (data) => {
        const read = readRtcSignal(data);
        if (read === undefined) return;
        good++;
        expect(readRtcSignal(JSON.parse(JSON.stringify(read)))).toEqual(read);
        if (read.type === 'candidate') {
          expect(typeof read.candidate.candidate).toBe('string');
          expect(read.candidate.sdpMid ?? read.candidate.sdpMLineIndex).not.toBe(null);
        } else if (read.type !== 'renegotiate') expect(typeof read.sdp).toBe('string');
      }),
      { numRuns: 5000 },
    );
    // The examples reach what they are made for.
    expect(good).toBeGreaterThan(100);
  });
});

describe('the gate of a negotiation', () => {
  test('lets an offer through only to the side that makes none', () => {
    expect(new SignalGate(true).take(offer)).toBeUndefined();
    expect(new SignalGate(false).take(offer)).toEqual(offer);
  });

  test('lets the wish for an offer through only to the side that makes them', () => {
    expect(new SignalGate(true).take(renegotiate)).toEqual(renegotiate);
    expect(new SignalGate(false).take(renegotiate)).toBeUndefined();
  });

  test('lets one answer through for each offer', () => {
    const gate = new SignalGate(true);
    expect(gate.take(answer)).toBeUndefined();
    gate.sent('offer');
    expect(gate.take(answer)).toEqual(answer);
    expect(gate.take(answer)).toBeUndefined();
    gate.sent('offer');
    expect(gate.take(answer)).toEqual(answer);
    const other = new SignalGate(false);
    other.sent('answer');
    expect(other.take(answer)).toBeUndefined();
  });

  test('lets each offer through once, and one at a time', () => {
    const gate = new SignalGate(false);
    const another = { ...offer, sdp: 'v=0 again' };
    expect(gate.take(offer)).toEqual(offer);
    expect(gate.take(another)).toBeUndefined();
    gate.sent('answer');
    expect(gate.take(offer)).toBeUndefined();
    expect(gate.take(another)).toEqual(another);
    gate.sent('answer');
    for (const old of [offer, another]) expect(gate.take(old)).toBeUndefined();
  });

  test('lets candidates through at any time, to both', () => {
    for (const isInitiator of [true, false]) {
      expect(new SignalGate(isInitiator).take(candidate)).toEqual(candidate);
    }
  });

  test('closes when there are too many signals, junk among them', () => {
    const gate = new SignalGate(false);
    for (let i = 0; i < NEGOTIATION_SIGNALS_MAX; i++) {
      gate.take(i % 2 === 0 ? candidate : 'junk');
      expect(gate.isFlooded).toBe(false);
    }
    expect(gate.take(offer)).toBeUndefined();
    expect(gate.isFlooded).toBe(true);
  });

  test('counts anew when the connection is up', () => {
    const gate = new SignalGate(false);
    for (let i = 0; i < 10 * NEGOTIATION_SIGNALS_MAX; i++) {
      if (i % NEGOTIATION_SIGNALS_MAX === 0) gate.connected();
      expect(gate.take(candidate)).toEqual(candidate);
    }
  });
});
