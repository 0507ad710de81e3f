import { fc } from '../../support/property.ts';
import { describe, expect, test } from 'vitest';
import { toBase64 } from '../../../src/net/base64.ts';
import {
  CLIENT_FRAME_BYTES_MAX,
  encodeMessage,
  parseClientMessage,
  parseServerMessage,
  PAYLOAD_DEPTH_MAX,
  PROBLEM_LENGTH_MAX,
  PROTOCOL_VERSION,
  RELAY_DATA_LENGTH_MAX,
  SERVER_FRAME_CHARACTERS_MAX,
  signalingUrl,
  type ClientMessage,
  type ServerMessage,
} from '../../../src/net/signaling/protocol.ts';
import { joinFrame, tab } from './support.ts';

const member = { member: 'member-one', incarnation: 1, order: 0 };
const full = { ...member, node: 'n1', name: 'Ada', publicKey: '0f'.repeat(32) };

const clientMessages: ClientMessage[] = [
  joinFrame(tab()),
  joinFrame(tab({ node: 'n1', name: 'Åda 🙂', publicKey: 'ab'.repeat(32), formerOrder: 3 })),
  { type: 'signal', to: 'member-two', payload: { sdp: 'v=0' } },
  { type: 'signal', to: 'member-two', payload: null },
  { type: 'broadcast', payload: 'text' },
  joinFrame(tab({ create: false })),
  { type: 'prove', signature: 'ab'.repeat(64) },
  { type: 'relay', to: 'member-two', data: 'AA==' },
  { type: 'ping' },
  { type: 'leave' },
];

const serverMessages: ServerMessage[] = [
  { type: 'welcome', you: full, members: [member] },
  { type: 'joined', member },
  { type: 'left', member: 'member-one', incarnation: 2, reason: 'lost' },
  { type: 'signal', from: 'member-one', fromIncarnation: 2, payload: [1, { two: false }] },
  { type: 'broadcast', from: 'member-one', payload: 0 },
  { type: 'challenge', nonce: '0f'.repeat(32) },
  { type: 'relay', from: 'member-one', fromIncarnation: 2, data: 'ab+/' },
  { type: 'relayed', bytes: 4 },
  { type: 'error', code: 'room-full', message: 'Room is full.' },
  { type: 'error', code: 'unknown-member', message: 'Nobody.', member: 'member-two' },
  { type: 'pong' },
];

const directions = [
  { name: 'client', parse: parseClientMessage, messages: clientMessages },
  { name: 'server', parse: parseServerMessage, messages: serverMessages },
];

describe.each(directions)('frames from the $name', ({ parse, messages }) => {
  test('every message survives its frame', () => {
    for (const message of messages) {
      expect(parse(encodeMessage(message))).toEqual({ ok: true, message });
    }
  });

  test('a missing or wrong field is named', () => {
    for (const message of messages) {
      for (const field of Object.keys(message)) {
        const optional = ['node', 'name', 'publicKey', 'formerOrder', 'create'].includes(field);
        const absent: Record<string, unknown> = { ...message };
        delete absent[field];
        const parsed = parse(JSON.stringify(absent));
        const mayBeAbsent = optional || (message.type === 'error' && field === 'member');
        expect([field, parsed.ok]).toEqual([field, mayBeAbsent]);
        if (!parsed.ok && field !== 'type') expect(parsed.problem).toContain(field);
        if (field === 'payload') continue;
        for (const wrong of [null, {}, [], true, -1, 1.5, '', '\u0000']) {
          if (field === 'message' && typeof wrong === 'string') continue;
          if (field === 'members' && Array.isArray(wrong)) continue;
          if (field === 'create' && wrong === true) continue;
          expect([field, wrong, parse(JSON.stringify({ ...message, [field]: wrong })).ok]).toEqual([
            field,
            wrong,
            false,
          ]);
        }
      }
    }
  });

  test('unknown fields are dropped, unknown types refused', () => {
    for (const message of messages) {
      const more = { ...message, extra: 'field', __proto__: null };
      expect(parse(JSON.stringify(more))).toEqual({ ok: true, message });
    }
    expect(parse('{"type":"rename"}')).toMatchObject({ ok: false, code: 'bad-message' });
  });

  test('random text never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
        expect(parse(text).ok).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  test('random fields in messages never throw, and what passes is plain', () => {
    const known = fc.constantFrom(...messages);
    const keys = fc.constantFrom(...new Set(messages.flatMap((message) => Object.keys(message))));
    const junk = fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary', maxLength: 200 }));
    fc.assert(
      fc.property(known, fc.dictionary(keys, junk), (message, changes) => {
        const parsed = parse(JSON.stringify({ ...message, ...changes }));
        if (parsed.ok) expect(parse(JSON.stringify(parsed.message))).toEqual(parsed);
        else expect(parsed.problem.length).toBeLessThanOrEqual(PROBLEM_LENGTH_MAX);
      }),
      { numRuns: 3_000 },
    );
  });

  test('a cut or bent frame never throws', () => {
    const frame = fc.constantFrom(...messages.map(encodeMessage));
    fc.assert(
      fc.property(frame, fc.nat(400), fc.string(), (text, at, inserted) => {
        parse(text.slice(0, at));
        parse(text.slice(0, at) + inserted + text.slice(at));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('bounds', () => {
  test('nesting', () => {
    const nested = (depth: number): string =>
      `{"type":"broadcast","payload":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(parseClientMessage(nested(PAYLOAD_DEPTH_MAX)).ok).toBe(true);
    expect(parseClientMessage(nested(PAYLOAD_DEPTH_MAX + 2))).toMatchObject({
      ok: false,
      problem: expect.stringContaining('nested'),
    });
    expect(parseClientMessage(nested(60_000)).ok).toBe(false);
    const objects = `{"type":"broadcast","payload":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`;
    expect(parseClientMessage(objects).ok).toBe(false);
  });

  test('relayed data', () => {
    const relay = (data: string): boolean =>
      parseClientMessage(encodeMessage({ type: 'relay', to: 'member-two', data })).ok;
    const longest = 'A'.repeat(RELAY_DATA_LENGTH_MAX);
    expect(relay(longest)).toBe(true);
    expect(relay(`${longest}AAAA`)).toBe(false);
    for (const data of ['', 'A', 'AA', 'AAA', 'A===', '====', 'A=AA', 'AA-_', 'AA \n', 'ÄÄÄÄ']) {
      expect([data, relay(data)]).toEqual([data, false]);
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        expect(relay(toBase64(bytes))).toBe(true);
      }),
    );
  });

  test('frames', () => {
    const broadcast = (length: number): string =>
      encodeMessage({ type: 'broadcast', payload: 'x'.repeat(length) });
    expect(parseClientMessage(broadcast(CLIENT_FRAME_BYTES_MAX - 50)).ok).toBe(true);
    expect(parseClientMessage(broadcast(CLIENT_FRAME_BYTES_MAX)).ok).toBe(false);
    const welcome = ' '.repeat(SERVER_FRAME_CHARACTERS_MAX) + encodeMessage(serverMessages[0]!);
    expect(parseServerMessage(welcome).ok).toBe(false);
  });

  test('a problem never echoes a long value back', () => {
    const room = `${'<'.repeat(100_000)}`;
    for (const frame of [{ ...joinFrame(tab()), room }, { type: room }, { type: 'leave', room }]) {
      const parsed = parseClientMessage(JSON.stringify(frame));
      if (!parsed.ok) expect(parsed.problem.length).toBeLessThanOrEqual(PROBLEM_LENGTH_MAX);
    }
  });
});

test('another protocol is told so, whatever else it changed', () => {
  for (const protocol of [PROTOCOL_VERSION + 1, 0, 1e99]) {
    const frame = JSON.stringify({ type: 'join', protocol, chamber: 'renamed field' });
    expect(parseClientMessage(frame)).toMatchObject({
      ok: false,
      code: 'unsupported-protocol',
      problem: expect.stringContaining('Reload the page'),
    });
  }
  expect(parseClientMessage('{"type":"join","protocol":"1"}')).toMatchObject({
    code: 'bad-message',
  });
});

test('the signaling address of a page', () => {
  expect(signalingUrl('http://192.168.1.7:8080/lab.html?x=1#y')).toBe(
    'ws://192.168.1.7:8080/signal',
  );
  expect(signalingUrl('https://parley.example/deep/page')).toBe('wss://parley.example/signal');
});
