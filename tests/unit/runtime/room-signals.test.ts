/** What pages say to each other about attempts. */

import { describe, expect, test } from 'vitest';
import {
  attemptName,
  readAttemptName,
  readSignal,
} from '../../../src/runtime/live/room-signals.ts';
import { fc } from '../../support/property.ts';

const of = (fields: object) => ({ runId: 'run', ...fields });

describe('a signal of a run', () => {
  test.each([
    { parley: 'link', attempt: '1.1', data: { any: 'thing' } },
    { parley: 'relay', attempt: '3.14' },
    { parley: 'redial', attempt: '1.1', needsRelay: true },
    { parley: 'redial', attempt: '1.1', needsRelay: false },
    { parley: 'death' },
    { parley: 'parted' },
  ])('is read as it was sent: $parley', (signal) => {
    expect(readSignal(of({ ...signal, extra: 1 }), 'run')).toEqual(signal);
    expect(readSignal({ ...signal, runId: 'another' }, 'run')).toBeUndefined();
    expect(readSignal(signal, 'run')).toBeUndefined();
  });

  test('needs a relay only when it says so', () => {
    const signal = of({ parley: 'redial', attempt: '1.1', needsRelay: 'yes' });
    expect(readSignal(signal, 'run')).toMatchObject({ needsRelay: false });
  });

  test.each([
    ['nothing', null],
    ['a text', 'link'],
    ['an unknown kind', of({ parley: 'dance', attempt: '1.1' })],
    ['no attempt', of({ parley: 'link', data: 1 })],
    ['an attempt that is none', of({ parley: 'link', attempt: '1', data: 1 })],
    ['an attempt that is no text', of({ parley: 'redial', attempt: 1.1 })],
  ])('is not read from %s', (_, payload) => {
    expect(readSignal(payload, 'run')).toBeUndefined();
  });

  test('whatever it is, reading it throws nothing', () => {
    fc.assert(fc.property(fc.anything(), (payload) => void readSignal(payload, 'run')));
  });
});

describe('the name of an attempt', () => {
  test('says when it was begun', () => {
    const time = fc.record({
      incarnation: fc.integer({ min: 1, max: 1e15 }),
      number: fc.integer({ min: 1, max: 1e15 }),
    });
    fc.assert(
      fc.property(time, (begun) => {
        expect(readAttemptName(attemptName(begun))).toEqual(begun);
      }),
    );
  });

  test.each([
    '',
    '1',
    '1.',
    '.1',
    '0.1',
    '1.0',
    '01.1',
    '1.1.1',
    '1.1 ',
    '-1.1',
    '1e3.1',
    '1.12345678901234567',
  ])('is not %j', (name) => {
    expect(readAttemptName(name)).toBeUndefined();
  });
});
