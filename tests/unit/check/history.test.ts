import { describe, expect, test } from 'vitest';
import { operationsOf, type HistoryEvent } from '../../../src/check/history.ts';
import { readHistories } from '../../../src/check/history-file.ts';

describe('operationsOf', () => {
  test('pairs calls with returns, in the order of the calls', () => {
    const operations = operationsOf([
      [0, 'invoke', 'write', 1, 10],
      ['b', 'invoke', 'read', null, 11],
      ['b', 'ok', 'read', 7, 12],
      [0, 'fail', 'write', 1, 13],
    ]);
    expect(operations).toMatchObject([
      { process: 0, f: 'write', input: 1, outcome: 'fail', invoked: 0, returned: 3 },
      { process: 'b', input: null, output: 7, outcome: 'ok', invokedMs: 11, returnedMs: 12 },
    ]);
  });

  test('an operation without an answer never returns, and its process may go on', () => {
    const operations = operationsOf([
      [0, 'invoke', 'write', 1],
      [0, 'info', 'write', 'timed out'],
      [0, 'invoke', 'read', null],
    ]);
    expect(operations).toMatchObject([
      { outcome: 'info', returned: Infinity, output: undefined },
      { outcome: 'info', returned: Infinity },
    ]);
  });

  test('leaves out the remarks of those who call nothing', () => {
    expect(operationsOf([['nemesis', 'info', 'partition', 'n1']])).toEqual([]);
  });

  test.each<[string, HistoryEvent[], number, RegExp]>([
    ['a return without a call', [[0, 'ok', 'read', 1]], 0, /without having called/],
    [
      'a call within a call',
      [
        [0, 'invoke', 'read', null],
        [0, 'invoke', 'write', 1],
      ],
      1,
      /process 0 calls write before the read called at event 0 ended/,
    ],
    [
      'a return of another operation',
      [
        [0, 'invoke', 'read', null],
        [0, 'ok', 'write', 1],
      ],
      1,
      /returns from write, but its call is the read/,
    ],
  ])('refuses %s, and says where', (_what, events, event, problem) => {
    expect(() => operationsOf(events)).toThrow(
      expect.objectContaining({ event, message: expect.stringMatching(problem) }),
    );
  });
});

describe('readHistories', () => {
  const good =
    '{"name":"a","model":"register","events":[[0,"invoke","write",1],[0,"ok","write",1]]}';

  test('reads one history a line, whatever ends the lines', () => {
    const text = `\uFEFF${good}\r\n\n${good.replace('"a"', '"b"')}`;
    const [a, b] = readHistories(text);
    expect(a).toMatchObject({ name: 'a', line: 1, model: 'register', initial: null });
    expect(b).toMatchObject({ name: 'b', line: 3, expected: undefined });
    expect(b!.operations).toHaveLength(1);
  });

  test('names a history by its line when it has no name', () => {
    expect(readHistories('{"events":[]}')[0]).toMatchObject({ name: 'history 1' });
  });

  test('takes the verdict under both of its names', () => {
    const lines = ['{"events":[],"linearizable":false}', '{"events":[],"valid":"unknown"}'];
    expect(readHistories(lines.join('\n')).map(({ expected }) => expected)).toEqual([
      false,
      'unknown',
    ]);
  });

  const withEvents = (events: string) => `${good}\n{"events":${events}}`;
  test.each<[string, string, number, RegExp]>([
    ['an empty file', '\n\n', 1, /no history/],
    ['no JSON', `${good}\nhello\n`, 2, /not JSON/],
    ['a line that breaks off', `${good.slice(0, 40)}\n${good}`, 1, /the line breaks off/],
    ['a file that breaks off', `${good}\n${good.slice(0, 60)}`, 2, /the file breaks off/],
    ['a file that breaks off in a text', `${good}\n{"name":"a`, 2, /the file breaks off/],
    ['a list for a history', '[1]', 1, /a JSON object, not \[1\]/],
    ['no events', '{"name":"a"}', 1, /no list of "events"/],
    ['a name that is none', '{"name":1,"events":[]}', 1, /"name" is a text/],
    ['a verdict that is none', '{"linearizable":"no","events":[]}', 1, /true, false or "unknown"/],
    ['a short event', withEvents('[[0,"invoke","read"]]'), 2, /event 0: an event is \[process/],
    ['an unknown type', withEvents('[[0,"call","read",1]]'), 2, /invoke, ok, fail, info.*"call"/],
    ['a process that is none', withEvents('[[null,"invoke","r",1]]'), 2, /a process is a number/],
    ['a name of no operation', withEvents('[[0,"invoke",5,1]]'), 2, /name of an operation/],
    ['a time that is none', withEvents('[[0,"invoke","r",1,"now"]]'), 2, /a number of mill/],
    ['a return first', withEvents('[[0,"ok","read",1]]'), 2, /event 0: process 0 returns/],
    ['values nested too deeply', `{"events":${'['.repeat(90)}${']'.repeat(90)}}`, 1, /too deeply/],
    ['a key that would be a prototype', '{"__proto__":{},"events":[]}', 1, /__proto__/],
  ])('refuses %s, with the line', (_what, text, line, problem) => {
    expect(() => readHistories(text)).toThrow(
      expect.objectContaining({ line, problem: expect.stringMatching(problem) }),
    );
  });

  test('names the column where JSON ends to be JSON', () => {
    expect(() => readHistories(`${good}\n{"name":"a", events:[]}`)).toThrow(
      expect.objectContaining({ line: 2, column: 14 }),
    );
    expect(() => readHistories('{"name":"a"')).toThrow(expect.objectContaining({ column: 12 }));
  });
});
