import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signedValue } from '../../../src/core/signed.ts';
import type { TraceEvent } from '../../../src/core/trace.ts';
import { TraceHash, traceLine } from '../../../src/runtime/trace-file.ts';

const where = { time: 1.5, node: 'n1', sequence: 3 };

function stateEvent(state: Extract<TraceEvent, { readonly kind: 'state' }>['state']): TraceEvent {
  return { ...where, kind: 'state', path: 'top', state };
}

describe('a line of the trace', () => {
  test('is one JSON object with a line feed', () => {
    const line = traceLine({ ...where, kind: 'log', path: 'top', level: 'info', text: 'a\nb' });
    expect(line).toBe(
      '{"time":1.5,"node":"n1","sequence":3,"kind":"log","path":"top","level":"info","text":"a\\nb"}\n',
    );
  });

  test('shows bytes and signed values, wherever they stand', () => {
    const inner = signedValue({
      ...{ type: 'Vote', path: 'top', signer: 'n2' },
      fields: { value: true, digest: Uint8Array.of(255) },
      signature: new Uint8Array(64),
    });
    const outer = signedValue({
      ...{ type: 'Bundle', path: 'top', signer: 'n3' },
      fields: { votes: [inner] },
      signature: new Uint8Array(64),
    });
    const vote = { $signed: 'Vote', signer: 'n2', value: true, digest: { $bytes: 'ff' } };
    const bundle = { $signed: 'Bundle', signer: 'n3', votes: [vote] };
    const state = { plain: [1, 'a', null], deep: [{ outer, bytes: Uint8Array.of(1, 2) }] };
    expect(JSON.parse(traceLine(stateEvent(state)))).toEqual({
      ...{ ...where, kind: 'state', path: 'top' },
      state: { plain: [1, 'a', null], deep: [{ outer: bundle, bytes: { $bytes: '0102' } }] },
    });
    const send = { kind: 'send', to: 'n2', message: 'n1#1', path: 'top', type: 'x' } as const;
    const sent = traceLine({ ...where, ...send, role: 'cast', bytes: 9, body: inner });
    expect(JSON.parse(sent)).toMatchObject({ body: vote });
    const output = traceLine({ ...where, kind: 'output', path: 'top', type: 'x', value: inner });
    expect(JSON.parse(output)).toMatchObject({ value: vote });
  });

  test('leaves the event alone', () => {
    const event = stateEvent({ bytes: Uint8Array.of(1) });
    traceLine(event);
    expect(event).toEqual(stateEvent({ bytes: Uint8Array.of(1) }));
  });
});

describe('the hash of a trace', () => {
  test.each([0, 1, 3000])('is the SHA-256 of its file: %i lines', (count) => {
    const lines = Array.from({ length: count }, (_, i) =>
      traceLine(stateEvent({ i, text: 'é€𝄞' })),
    );
    const hash = new TraceHash();
    for (const line of lines) hash.add(line);
    expect(hash.digest()).toBe(createHash('sha256').update(lines.join('')).digest('hex'));
  });
});
