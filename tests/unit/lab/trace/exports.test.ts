import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { csvExport } from '../../../../src/lab/trace/csv-export.ts';
import { PLANTUML_LINES_MAX, plantumlExport } from '../../../../src/lab/trace/plantuml-export.ts';
import { exported, HOSTILE_EVENTS } from '../../../support/trace-records.ts';

const message = { path: 'top', type: 'ping', role: 'cast', bytes: 2 } as const;

function send(node: string, to: string, number: number, time = 0): TraceEvent {
  const name = `${node}#${number}`;
  return { time, node, sequence: number, kind: 'send', to, body: null, message: name, ...message };
}

function deliver(node: string, from: string, number: number, time = 1): TraceEvent {
  const name = `${from}#${number}`;
  return { time, node, sequence: number, kind: 'deliver', from, message: name, ...message };
}

/** A reader of RFC 4180, as strict as it can be. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const row = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let cells: string[] = [];
  for (let match = row.exec(text); match !== null; match = row.exec(text)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === '\r\n') {
      rows.push(cells);
      cells = [];
    }
    if (row.lastIndex === text.length) return rows;
  }
  throw new Error('the text does not end with a row');
}

describe('CSV', () => {
  test('has a row for each event, with its clock', () => {
    const [head, ...rows] = parseCsv(
      exported(csvExport(), [send('a', 'b', 1), deliver('b', 'a', 1)]),
    );
    expect(head).toEqual(
      'time_ms,node,sequence,kind,message,peer,path,type,role,bytes,detail,clock'.split(','),
    );
    expect(rows).toEqual([
      ['0', 'a', '1', 'send', 'a#1', 'b', 'top', 'ping', 'cast', '2', 'null', '{"a":1}'],
      ['1', 'b', '1', 'deliver', 'a#1', 'a', 'top', 'ping', 'cast', '2', '', '{"b":1,"a":1}'],
    ]);
  });

  test('keeps hostile texts in their cells, and no spreadsheet computes them', () => {
    const rows = parseCsv(exported(csvExport(), HOSTILE_EVENTS)).slice(1);
    expect(rows).toHaveLength(HOSTILE_EVENTS.length);
    for (const [at, row] of rows.entries()) {
      expect(row).toHaveLength(12);
      for (const cell of row) expect(cell).not.toMatch(/^[=+@\t\r-]/);
      expect(row[1]!.replace(/^'/, '')).toBe(HOSTILE_EVENTS[at]!.node);
    }
  });
});

describe('PlantUML', () => {
  const options = { title: 'echo', states: false };

  test('draws messages where they arrive, and those that never do where they were sent', () => {
    const events = [
      send('a', 'b', 1),
      send('a', 'c', 2),
      deliver('b', 'a', 1),
      deliver('b', 'a', 1),
      { ...send('b', 'a', 2), role: 'reply' } as TraceEvent,
      { ...deliver('a', 'b', 2), role: 'reply' } as TraceEvent,
    ];
    expect(exported(plantumlExport(options), events)).toBe(`@startuml
title echo
participant "a" as p1
participant "b" as p2
participant "c" as p3
p1 ->x p3 : ping a<U+0023>2 (never arrives)
p1 ->> p2 : ping a<U+0023>1
p1 ->> p2 : ping a<U+0023>1 (again)
p2 -->> p1 : ping b<U+0023>2
@enduml
`);
  });

  test('shows states when they are asked for', () => {
    const state: TraceEvent = {
      ...{ time: 0, node: 'a', sequence: 1, kind: 'state', path: 'top', state: { round: 1 } },
    };
    expect(exported(plantumlExport(options), [state])).not.toContain('round');
    expect(exported(plantumlExport({ ...options, states: true }), [state])).toContain('round');
  });

  test('obeys no text of a peer', () => {
    const text = exported(
      plantumlExport({ title: '@enduml\n!include x', states: true }),
      HOSTILE_EVENTS,
    );
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toBe('@startuml');
    expect(lines.at(-1)).toBe('@enduml');
    const safe = String.raw`(?:[\p{L}\p{N} .,:;=_()-]|<U\+[0-9A-F]+>)*`;
    const line = new RegExp(
      `^(?:title ${safe}|participant "${safe}" as p\\d+|p\\d+ (?:->>|-->>|->x) p\\d+ : ${safe}|note over p\\d+ : ${safe})$`,
      'u',
    );
    for (const inner of lines.slice(1, -1)) expect(inner).toMatch(line);
  });

  test('is refused for more than anybody can read', () => {
    const many = Array.from({ length: PLANTUML_LINES_MAX + 1 }, (_, at) => send('a', 'b', at + 1));
    expect(() => exported(plantumlExport(options), many)).toThrow(/more than 20000 lines/);
  });
});
