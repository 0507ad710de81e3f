import { describe, expect, test } from 'vitest';
import {
  TraceJudge,
  type JudgeOptions,
  type TraceFinding,
} from '../../../../src/check/trace/trace-judge.ts';
import type { TraceEvent } from '../../../../src/core/trace.ts';
import { executions } from '../../../support/random-execution.ts';
import { fc } from '../../../support/property.ts';

function judge(events: readonly TraceEvent[], options?: JudgeOptions): readonly TraceFinding[] {
  const judging = new TraceJudge(options);
  for (const [at, event] of events.entries()) judging.take(event, at + 1);
  const findings = judging.findings();
  expect(judging.count).toBe(findings.length);
  return findings;
}

const rules = (events: readonly TraceEvent[], options?: JudgeOptions) =>
  judge(events, options).map(({ rule, line }) => `${line} ${rule}`);

const message = { path: 'top', type: 'ping', role: 'cast', bytes: 2 } as const;

function send(sequence: number, number: number, to = 'b'): TraceEvent {
  const name = `a#${number}`;
  const at = { time: sequence, node: 'a', sequence };
  return { ...at, kind: 'send', to, body: null, message: name, ...message };
}

function deliver(sequence: number, number: number): TraceEvent {
  const at = { time: sequence, node: 'b', sequence };
  return { ...at, kind: 'deliver', from: 'a', message: `a#${number}`, ...message };
}

function timer(node: string, sequence: number, time = sequence): TraceEvent {
  return { time, node, sequence, kind: 'timer', path: 'top', name: '' };
}

describe('a trace that happened', () => {
  test('has nothing wrong, with loss, duplicates and restarts', () => {
    fc.assert(
      fc.property(executions({ nodesMax: 4, duplicates: true, restarts: true }), (execution) => {
        expect(judge(execution.events)).toEqual([]);
      }),
    );
  });

  test('on links without order has nothing wrong for one who knows', () => {
    fc.assert(
      fc.property(executions({ reorders: true, duplicates: true }), ({ events }) => {
        expect(judge(events, { keepsOrder: false })).toEqual([]);
      }),
    );
  });

  test('of which a part was chosen has no gaps and misses no sendings', () => {
    const chosen = fc.array(fc.boolean(), { minLength: 200, maxLength: 200 });
    fc.assert(
      fc.property(executions({ duplicates: true }), chosen, ({ events }, counts) => {
        const part = events.filter((_event, at) => counts[at]);
        expect(judge(part, { isWhole: false })).toEqual([]);
      }),
    );
  });
});

describe('a trace that cannot have happened', () => {
  test('receives what nobody sent', () => {
    expect(rules([deliver(1, 1)])).toEqual(['1 unsent']);
    expect(rules([send(1, 1, 'c'), deliver(1, 1)])).toEqual(['2 unsent']);
  });

  test('receives before it sends', () => {
    const findings = judge([deliver(1, 1), send(1, 1)]);
    const [finding] = findings;
    expect(findings).toHaveLength(1);
    expect(finding).toMatchObject({ rule: 'early', line: 1, node: 'b' });
    expect(finding?.text).toBe('b received a#1 before a sent it on line 2');
  });

  test('receives something else than was sent', () => {
    const other = { ...deliver(1, 1), type: 'pong' } as TraceEvent;
    expect(rules([send(1, 1), other])).toEqual(['2 altered']);
    expect(rules([send(1, 1), { ...deliver(1, 1), bytes: 3 } as TraceEvent])).toEqual([
      '2 altered',
    ]);
  });

  test('lacks events of a node, or has them twice', () => {
    expect(rules([timer('a', 2)])).toEqual(['1 gap']);
    expect(rules([timer('a', 1), timer('a', 3)])).toEqual(['2 gap']);
    expect(rules([timer('a', 1), timer('a', 2), timer('a', 2)])).toEqual(['3 gap']);
    expect(judge([timer('a', 1), timer('a', 5)])[0]?.text).toBe('events 2 to 4 are missing at a');
    // The first event again is another life.
    expect(rules([timer('a', 1), timer('a', 2), timer('a', 1)])).toEqual([]);
  });

  test('turns back a clock', () => {
    expect(rules([timer('a', 1, 5), timer('b', 1, 1), timer('a', 2, 4)])).toEqual(['3 backwards']);
    expect(rules([timer('a', 1, 5), timer('a', 1, 0)])).toEqual([]);
  });

  test('lets one message overtake another on a link', () => {
    const events = [send(1, 1), send(2, 2), deliver(1, 2), deliver(2, 1)];
    expect(rules(events)).toEqual(['4 overtaken']);
    expect(judge(events)[0]?.text).toBe(
      'b received a#1 (sent on line 1) after a#2, which a sent later, on line 2',
    );
    expect(rules(events, { keepsOrder: false })).toEqual([]);
  });

  test('and a link has classes, of which one keeps no order', () => {
    const via = (first: string, second: string) => [
      { ...send(1, 1), via: first },
      { ...send(2, 2), via: second },
      ...[deliver(1, 2), deliver(2, 1)],
    ];
    expect(rules(via('data', 'data'))).toEqual(['4 overtaken']);
    expect(rules(via('data', 'control'))).toEqual([]);
    expect(rules(via('gossip', 'gossip'))).toEqual([]);
  });
});

test('what a planned fault did to a message is no defect', () => {
  const fault = (number: number, rest: object): TraceEvent => ({
    ...{ time: 3, node: 'a', sequence: 3, kind: 'fault', fault: 'reordering', detail: '' },
    ...{ message: `a#${number}`, ...rest },
  });
  const events = [send(1, 1), send(2, 2), fault(1, { to: 'b' }), deliver(1, 2), deliver(2, 1)];
  expect(rules(events)).toEqual([]);
  expect(rules(events.with(2, fault(1, { to: 'c' })))).toEqual(['5 overtaken']);
  expect(rules(events.with(2, fault(1, {})))).toEqual([]);
});

test('what is dropped may be anything, and remarks of an onlooker have no number', () => {
  const dropped: TraceEvent = {
    ...{ time: 0, node: 'b', sequence: 1, kind: 'drop', from: 'a', message: 'a#0' },
    ...{ path: '', type: '?', reason: 'malformed', detail: '' },
  };
  const violation: TraceEvent = {
    ...{ time: 0, node: 'b', sequence: 0, kind: 'violation', invariant: 'x', detail: '' },
  };
  expect(rules([dropped, violation, timer('b', 2)])).toEqual([]);
});
