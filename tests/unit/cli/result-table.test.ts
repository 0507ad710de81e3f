import pico from 'picocolors';
import { expect, test } from 'vitest';
import { resultTable } from '../../../src/cli/run/result-table.ts';
import { sampleResult } from './sample-result.ts';

const plain = pico.createColors(false);

test('a table has a line a node, with what went wrong below', () => {
  expect(resultTable(sampleResult, { colours: plain, columns: undefined })).toBe(
    [
      'upper: not ok (offline, json, seed 42; 14 messages, 240 bytes; 3000 ms virtual in 12 ms)',
      'node  status      received  bytes  sent  report',
      'n1    terminated         7    120     5  value=yes hops=2 nested={"list":[1,2]}',
      'n2    failed             7    120     5  value=yes hops=2 nested={"list":[1,2]}',
      'invariant broke: Nobody lies: n2 lied',
      "n2 failed: handler 'say' of upper: no",
      'n2 dropped: 2 schema',
      '',
    ].join('\n'),
  );
});

test('a live run has no virtual time', () => {
  const live = { ...sampleResult, mode: 'local', virtual_ms: null } as const;
  expect(resultTable(live, { colours: plain, columns: undefined })).toContain('; 12 ms)');
});

test('on a terminal, reports are cut to its width, but not to nothing', () => {
  const long = { ...sampleResult.nodes['n1']!, report: { text: 'x'.repeat(500) } };
  const result = { ...sampleResult, nodes: { n1: long } };
  const width = (columns: number) =>
    resultTable(result, { colours: plain, columns }).split('\n')[2]!.length;
  expect(width(100)).toBe(100);
  expect(width(20)).toBe(81);
});

test('colours say what is well and what is not', () => {
  const table = resultTable(sampleResult, { colours: pico.createColors(true), columns: 200 });
  expect(table).toContain(pico.createColors(true).red('not ok'));
  expect(table).toContain(pico.createColors(true).red('failed    '));
});
