import * as v from 'valibot';
import { expect, test } from 'vitest';
import { inOneLine, printable, printableResult } from '../../../src/cli/printable.ts';
import { signed, signedValue } from '../../../src/core/signed.ts';
import { goodNode, sampleResult } from './sample-result.ts';

const vote = signedValue({
  type: signed('Vote', { value: v.boolean() }).signedType,
  path: 'a',
  signer: 'n1',
  fields: { value: true },
  signature: new Uint8Array(64),
});

test('bytes and signed values are spelt as in the trace file', () => {
  expect(printable({ key: Uint8Array.of(1, 255), votes: [vote] })).toEqual({
    key: { $bytes: '01ff' },
    votes: [{ $signed: 'Vote', signer: 'n1', value: true }],
  });
});

test('in one line, texts have no quotes', () => {
  expect(inOneLine('a "b"')).toBe('a "b"');
  expect(inOneLine({ a: [1, null] })).toBe('{"a":[1,null]}');
  expect(inOneLine(Uint8Array.of(7))).toBe('{"$bytes":"07"}');
});

test('a result changes in its reports alone', () => {
  const nodes = { n1: { ...goodNode, report: { key: Uint8Array.of(7) } } };
  expect(printableResult({ ...sampleResult, nodes })).toEqual({
    ...sampleResult,
    nodes: { n1: { ...goodNode, report: { key: { $bytes: '07' } } } },
  });
});
