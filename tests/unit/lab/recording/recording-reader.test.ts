/** Recordings come from files: what is no recording is refused with its line, and what was cut off is read as far as it goes. */

import { describe, expect, test } from 'vitest';
import { RecordingReader } from '../../../../src/lab/recording/recording-reader.ts';
import { replayRecording } from '../../../../src/lab/recording/replay-recording.ts';
import type { NodeInput } from '../../../../src/runtime/node-input.ts';
import { Recorder } from '../../../../src/runtime/recording/recorder.ts';
import { fc } from '../../../support/property.ts';
import { HEADER, readRecording } from '../../../support/recordings.ts';
import { Rounds } from '../../../support/recorded-algorithms.ts';
import { planOf } from '../../../support/simulate.ts';

const STORAGE = { kind: 'memory', survives: 'nothing' as const };
const LIFE = `{"node":"n1","incarnation":0,"restarted":false,"storage":${JSON.stringify(STORAGE)}}`;
const turn = (number: number, input = '{"kind":"start"}', rest = '') =>
  `{"node":"n1","incarnation":0,"turn":${number},"time":${number},"input":${input}${rest}}`;
/** What a node came to. */
const RESULT = {
  ...{ status: 'terminated' as const, report: {}, messages_received: {}, bytes_received: 0 },
  ...{ messages_sent: 0, dropped: {}, elapsed_ms: 1 },
};
const END = `{"node":"n1","incarnation":0,"result":${JSON.stringify(RESULT)}}`;
const text = (...lines: string[]) => HEADER + lines.map((line) => `${line}\n`).join('');

describe('what is no recording is refused with its line', () => {
  test.each([
    ['nothing', '', 1, /no recording: the first line says what ran/],
    ['a trace', '{"time":0,"node":"n1"}\n', 1, /no recording/],
    ['no JSON', 'hello\n', 1, /not JSON/],
    [
      'another version',
      HEADER.replace('recording":1', 'recording":9'),
      1,
      /version 9, and this .* version 1/,
    ],
    ['a header without its run', '{"parley_recording":1,"parley":"x"}\n', 1, /mode/],
    ['a line of nothing', text(LIFE, '{}'), 3, /no line of a recording/],
    ['a life without a beginning', text(turn(1)), 2, /life of n1 has no beginning/],
    ['a life that begins twice', text(LIFE, LIFE), 3, /n1 begins twice/],
    ['a missing turn', text(LIFE, turn(1), turn(3)), 4, /turn 3 of n1 stands where turn 2 should/],
    ['a turn that is there twice', text(LIFE, turn(1), turn(1)), 4, /lines are missing/],
    ['an unknown input', text(LIFE, turn(1, '{"kind":"miracle"}')), 3, /input\.kind/],
    ['a timer without a number', text(LIFE, turn(1, '{"kind":"timer"}')), 3, /input\.number/],
    ['a time before the run', text(LIFE, turn(1).replace('"time":1', '"time":-1')), 3, /time/],
    [
      'an event that is none',
      text(LIFE, turn(1, undefined, ',"events":[{"kind":"send"}]')),
      3,
      /an event in it/,
    ],
    [
      'an event of another node',
      text(
        LIFE,
        turn(
          1,
          undefined,
          ',"events":[{"time":1,"node":"n2","sequence":1,"kind":"timer","path":"","name":""}]',
        ),
      ),
      3,
      /is of n2, not of n1/,
    ],
    ['what comes behind the end', text(LIFE, END, turn(1)), 4, /n1 has ended before/],
    [
      'a seal that is none',
      text(LIFE, '{"node":"n1","incarnation":0,"sha256":"ab"}'),
      3,
      /64 hexadecimal digits/,
    ],
  ])('%s', (_name, recording, line, why) => {
    const read = () => readRecording(recording);
    expect(read).toThrow(why);
    expect(read).toThrow(expect.objectContaining({ line }));
  });

  test('whatever stands in a line, it is refused or read, and nothing else happens', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (value, input) => {
        for (const line of [value, turn(1, input)]) {
          try {
            readRecording(text(LIFE, line));
          } catch (error) {
            expect((error as Error).name).toBe('RecordingFileError');
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a node that the configuration does not have', async () => {
    const { lives } = readRecording(text(LIFE.replace('n1', 'n7'), turn(1).replace('n1', 'n7')));
    await expect(replayRecording(planOf(Rounds), lives)).rejects.toThrow('has no node n7');
  });

  test.each([
    ['message', '{"kind":"message","from":"n2","via":"data","envelope":[1,2]}'],
    ['message', '{"kind":"message","from":"n2","via":"data","envelope":{"$signed":1}}'],
    ['lifecycle', '{"kind":"lifecycle","from":"n2","envelope":[1,1,0,"rounds","ball",{}]}'],
    ['stored', '{"kind":"stored","number":1,"value":{"__proto__":1}}'],
  ])('a %s that is none: the replay stops there', async (kind, input) => {
    const { lives } = readRecording(text(LIFE, turn(1), turn(2, input)));
    const [life] = await replayRecording(planOf(Rounds), lives);
    expect(life!.impossible).toMatchObject({ number: 4 });
    expect(life!.impossible!.why).toContain(`the ${kind} cannot be read`);
  });
});

describe('what was cut off', () => {
  test('is read up to the last whole line', () => {
    const whole = text(LIFE, turn(1), turn(2));
    const { lives, cutOffAt } = readRecording(whole + turn(3).slice(0, 20));
    expect(lives[0]!.lines).toHaveLength(2);
    expect(lives[0]!.ending).toBe('cut off');
    expect(cutOffAt).toBe(5);
    expect(readRecording(whole).cutOffAt).toBeUndefined();
  });

  test('does not depend on how the text comes', () => {
    const whole = text(LIFE, turn(1), turn(2), END);
    const reader = new RecordingReader();
    for (const letter of whole) reader.push(letter);
    expect(reader.end()).toEqual(readRecording(whole));
  });
});

describe('a recorder', () => {
  const start: NodeInput = { kind: 'start' };
  const life = { node: 'n1', incarnation: 2, restarted: true, storage: STORAGE };

  test('ends when it is full, says so, and never begins again', () => {
    let lines = '';
    const told: boolean[] = [];
    const recorder = new Recorder(
      life,
      (more, isFull) => {
        lines += more;
        told.push(isFull);
      },
      2000,
    );
    for (let i = 0; i < 100; i++) {
      recorder.begin(start, i);
      recorder.end();
    }
    recorder.finish(RESULT);
    expect(told).toEqual([true]);
    expect(lines.length).toBeLessThan(2500);
    const [read] = readRecording(HEADER + lines).lives;
    expect(read).toMatchObject({ ending: 'full', changed: undefined, life });
    expect(read!.lines.length).toBeGreaterThan(5);
  });

  test('seals what it hands on: any other letter is found', () => {
    let lines = '';
    const recorder = new Recorder(life, (more) => {
      lines += more;
    });
    for (let i = 1; i <= 5; i++) {
      recorder.begin({ kind: 'gone', node: 'n2', why: 'x' }, i);
      recorder.end();
    }
    recorder.finish(RESULT);
    expect(readRecording(HEADER + lines).lives[0]!.changed).toBeUndefined();
    const other = lines.replace('"why":"x"', '"why":"y"');
    expect(readRecording(HEADER + other).lives[0]!.changed).toEqual({ after: 0, before: 9 });
  });
});
