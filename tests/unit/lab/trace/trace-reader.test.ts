import { describe, expect, test } from 'vitest';
import type { TraceRecord } from '../../../../src/check/trace/trace-record.ts';
import { TraceReader } from '../../../../src/lab/trace/trace-reader.ts';
import { traceHeaderLine, traceLine } from '../../../../src/runtime/trace-file.ts';
import { executions } from '../../../support/random-execution.ts';
import { fc } from '../../../support/property.ts';
import { HOSTILE_EVENTS } from '../../../support/trace-records.ts';

function read(pieces: readonly string[]): { records: TraceRecord[]; reader: TraceReader } {
  const reader = new TraceReader();
  const records = pieces.flatMap((piece) => [...reader.push(piece)]);
  return { records: [...records, ...reader.end()], reader };
}

const event = '{"time":0,"node":"n1","sequence":1,"kind":"timer","path":"p","name":""}';

describe('a trace file', () => {
  test('reads back to its events, wherever it is cut into pieces', () => {
    const cuts = fc.array(fc.nat(5000), { maxLength: 8 });
    fc.assert(
      fc.property(executions({ nodesMax: 3 }), cuts, fc.boolean(), (execution, places, isEnded) => {
        const text = execution.events.map(traceLine).join('');
        const whole = isEnded ? text : text.trimEnd();
        const bounds = [0, ...places.map((at) => at % (whole.length + 1)), whole.length];
        bounds.sort((a, b) => a - b);
        const pieces = bounds.slice(1).map((end, at) => whole.slice(bounds[at], end));
        const { records } = read(pieces);
        expect(records.map((record) => record.event)).toEqual(execution.events);
        expect(records.map(({ number }) => number)).toEqual(records.map((_record, at) => at + 1));
      }),
    );
  });

  test('may hold any text', () => {
    const { records } = read([HOSTILE_EVENTS.map(traceLine).join('')]);
    expect(records.map((record) => record.event)).toEqual(HOSTILE_EVENTS);
  });

  test('says in its header what ran, and needs none', () => {
    const facts = { algorithm: 'echo', seed: 7, format: 'json', mode: 'offline' };
    const { reader, records } = read([traceHeaderLine(facts), event]);
    expect(reader.header).toEqual({ parley_trace: 1, ...facts });
    expect(records).toHaveLength(1);
    expect(read([event]).reader.header).toEqual({ parley_trace: 1 });
  });

  test('may have blank lines, line ends of Windows, a byte order mark and kinds that are not known yet', () => {
    const young = event.replace('"timer"', '"teleport"');
    const { records } = read([`\ufeff${event}\r\n\r\n${young}\r\n`]);
    expect(records.map(({ number, event: { kind } }) => [number, kind])).toEqual([
      [1, 'timer'],
      [3, 'teleport'],
    ]);
  });

  test.each([
    [
      'another version',
      ['{"parley_trace":2}', event],
      1,
      /version 2, and this Parley reads version 1/,
    ],
    ['a header further down', [event, '{"parley_trace":1}'], 2, /before the first event/],
    ['a line that is no JSON', [event, '{"time":'], 2, /not JSON: .*cut off/],
    ['a line that is no object', [event, '[1]', event], 2, /a JSON object/],
    ['no node', [event, event.replace('"n1"', '""')], 2, /'node' must be the id/],
    [
      'a time that is none',
      [event.replace('"time":0', '"time":"0"')],
      1,
      /'time' must be a number/,
    ],
    ['a time below zero', [event.replace('"time":0', '"time":-1')], 1, /'time' must be a number/],
    ['half a sequence', [event.replace('"sequence":1', '"sequence":1.5')], 1, /'sequence' must/],
    ['a missing field', [event.replace(',"name":""', '')], 1, /in a timer, 'name' must be a text/],
    [
      'a message without a receiver',
      [
        '{"time":0,"node":"n1","sequence":1,"kind":"send","body":1,"message":"n1#1","path":"p","type":"t","role":"cast","bytes":1}',
      ],
      1,
      /in a send, 'to' must be the id/,
    ],
    [
      'a role that is none',
      [
        '{"time":0,"node":"n1","sequence":1,"kind":"deliver","from":"n2","message":"n1#1","path":"p","type":"t","role":"shout","bytes":1}',
      ],
      1,
      /'role' must be one of cast/,
    ],
  ])('with %s is refused, with line and reason', (_what, lines, line, message) => {
    expect(() => read([lines.join('\n')])).toThrow(message);
    expect(() => read([lines.join('\n')])).toThrow(expect.objectContaining({ line }));
  });
});
