/** What may pass from a PeerServer to the PeerJS client. */

import { describe, expect, test } from 'vitest';
import { readPeerServerMessage } from '../../../../src/net/rtc/peer-server-messages.ts';
import { fc } from '../../../support/property.ts';

const offer = {
  type: 'OFFER',
  src: 'left',
  dst: 'right',
  payload: {
    sdp: { type: 'offer', sdp: 'v=0' },
    type: 'data',
    connectionId: 'dc_1',
    metadata: '1.1',
    label: 'parley-life',
    reliable: true,
    serialization: 'raw',
  },
};
const answer = {
  type: 'ANSWER',
  src: 'left',
  payload: { sdp: { type: 'answer', sdp: 'v=0' }, type: 'data', connectionId: 'dc_1' },
};
const candidate = {
  type: 'CANDIDATE',
  src: 'left',
  payload: {
    candidate: { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'x' },
    type: 'data',
    connectionId: 'dc_1',
  },
};

/** A message whose payload is changed. */
const changed = (message: typeof offer | typeof answer | typeof candidate, change: object) => ({
  ...message,
  payload: { ...message.payload, ...change },
});

describe('a message of a PeerServer', () => {
  test('says from whom it is, and about which connection', () => {
    const common = { from: 'left', connectionId: 'dc_1' };
    expect(readPeerServerMessage(offer)).toEqual({ type: 'OFFER', ...common, metadata: '1.1' });
    expect(readPeerServerMessage(answer)).toEqual({
      type: 'ANSWER',
      ...common,
      metadata: undefined,
    });
    expect(readPeerServerMessage(candidate)).toEqual({
      type: 'CANDIDATE',
      ...common,
      metadata: undefined,
    });
    expect(readPeerServerMessage({ type: 'EXPIRE', src: 'left' })).toEqual({
      type: 'EXPIRE',
      from: 'left',
    });
  });

  test('may say whether the client is welcome', () => {
    for (const type of ['OPEN', 'ID-TAKEN', 'INVALID-KEY']) {
      expect(readPeerServerMessage({ type })).toEqual({ type });
    }
    const error = { type: 'ERROR', payload: { msg: 'no' } };
    expect(readPeerServerMessage(error)).toEqual({ type: 'ERROR' });
  });

  test.each([
    ['another has lost the server, which ends no link', { type: 'LEAVE', src: 'left' }],
    ['a call', changed(offer, { type: 'media' })],
    ['an offer that the client would unpack', changed(offer, { serialization: 'binary' })],
    [
      'an offer for a class of the client’s own making',
      changed(offer, { serialization: 'constructor' }),
    ],
    ['an offer without a label', changed(offer, { label: undefined })],
    ['an offer without a description', changed(offer, { sdp: undefined })],
    ['an offer with an answer in it', changed(offer, { sdp: { type: 'answer', sdp: 'v=0' } })],
    [
      'an offer of another length',
      changed(offer, { sdp: { type: 'offer', sdp: 'x'.repeat(1 << 20) } }),
    ],
    ['an answer with an offer in it', changed(answer, { sdp: { type: 'offer', sdp: 'v=0' } })],
    ['an answer about no connection', changed(answer, { connectionId: undefined })],
    ['a candidate that is none', changed(candidate, { candidate: 'candidate:1' })],
    ['a candidate about no connection', changed(candidate, { connectionId: { length: 4 } })],
    ['a message from nobody', { ...offer, src: undefined }],
    ['a message without content', { ...offer, payload: undefined }],
    ['an error without a text', { type: 'ERROR' }],
    ['an unknown type', { type: 'DANCE', src: 'left', payload: {} }],
    ['nothing', null],
    ['a text', 'OPEN'],
  ])('does not pass: %s', (_, message) => {
    expect(readPeerServerMessage(message)).toBeUndefined();
  });

  test('whatever it is, reading it throws nothing', () => {
    const types = fc.constantFrom(
      'OPEN',
      'ERROR',
      'EXPIRE',
      'OFFER',
      'ANSWER',
      'CANDIDATE',
      'LEAVE',
    );
    const almost = fc.record(
      { type: types, src: fc.anything(), payload: fc.anything() },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(fc.oneof(almost, fc.anything()), (data) => {
        readPeerServerMessage(data);
      }),
      { numRuns: 3000 },
    );
  });
});
