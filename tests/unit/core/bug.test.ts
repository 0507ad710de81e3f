/** Bugs: other rules in the place of an algorithm's own, in a class, in a machine, in a layer below. */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { defineAlgorithm } from '../../../src/core/algorithm.ts';
import { bug, BugError, findBugs, GOOD_END, withBugs, type Bug } from '../../../src/core/bug.ts';
import { driven } from '../../../src/core/machine-driver.ts';
import { defineMachine } from '../../../src/core/machine.ts';
import { cast } from '../../../src/core/message.ts';
import { Random } from '../../../src/core/random.ts';
import { planOf } from '../../../src/lab/run-spec.ts';
import { simulatePlan } from '../../support/simulate.ts';

const rules = { double: (n: number) => 2 * n, isEven: (n: number) => n % 2 === 0 };

const settings = { number: v.optional(v.number(), 3) };

const machine = defineMachine('machine', {
  messages: {},
  delivers: { result: cast({ value: v.number() }) },
  settings,
  rules,
  init: ({ settings }, { double }) => ({ initial: double(settings.number), result: 0 }),
  step(state, input, out) {
    if (input.kind !== 'start') return;
    state.result = out.rules.double(state.initial);
    out.terminate();
  },
});

class Driven extends driven(machine) {}

class Lower extends defineAlgorithm('lower', { rules, settings }) {
  handlers = this.on({});
  half = this.rules.double(this.settings.number) / 4;
}

class Upper extends defineAlgorithm('upper', {
  settings,
  rules: { verdict: (isEven: boolean): string => (isEven ? 'even' : 'odd') },
  children: { lower: Lower },
}) {
  handlers = this.on({});
  override onStart(): void {
    this.terminate();
  }
  override report(): object {
    const { lower } = this.children;
    return {
      half: lower.half,
      verdict: this.rules.verdict(lower.rules.isEven(this.settings.number)),
    };
  }
}

const where = { violates: GOOD_END, shows: { config: 'n1:\n' }, seeds: 1 };
const told = { title: 'A mistake', story: 'It was made.' };

const triples = bug(Lower, {
  ...{ name: 'triples', ...told, ...where },
  replaces: { double: (n) => 3 * n },
});
const allOdd = bug(Lower, {
  ...{ name: 'all-odd', ...told, ...where },
  replaces: { isEven: () => false },
});
const allEven = bug(Lower, {
  ...{ name: 'all-even', ...told, ...where },
  replaces: { isEven: () => true },
});
const upperBug = bug(Upper, {
  ...{ name: 'mumbles', ...told, ...where },
  replaces: { verdict: () => 'perhaps' },
});
const chapter = { name: 'upper', algorithm: Upper, bugs: [triples, allOdd, allEven, upperBug] };

async function reportWith(breaks: readonly string[]) {
  const spec = {
    ...{ runId: 'r', algorithm: 'upper', config: 'n1:\n  lower: { number: 4 }', strict: true },
    ...{ configFile: 'c', format: 'json' as const, seed: 1, breaks },
  };
  const { plan } = planOf(spec, chapter);
  const { nodes } = await simulatePlan(plan, {});
  return { breaks: plan.breaks, report: nodes['n1']!.report };
}

describe('an algorithm', () => {
  test('runs by its own rules', async () => {
    expect(withBugs(Upper, [])).toBe(Upper);
    expect(await reportWith([])).toEqual({ report: { half: 2, verdict: 'odd' } });
  });

  test('and its layers run by those of the bugs, as many as are wanted, each once', async () => {
    expect(await reportWith(['triples', 'all-even', 'Triples'])).toEqual({
      breaks: ['triples', 'all-even'],
      report: { half: 3, verdict: 'even' },
    });
    expect((await reportWith(['mumbles'])).report).toEqual({ half: 2, verdict: 'perhaps' });
  });

  test('is not changed by what is put into another', async () => {
    withBugs(Upper, [triples, allEven, upperBug]);
    expect((await reportWith([])).report).toEqual({ half: 2, verdict: 'odd' });
  });
});

describe('a machine', () => {
  const seat = { id: 'n1', nodes: ['n1'], neighbours: [], settings: { number: 3 } };
  const resultOf = (one: typeof machine) => {
    const state = one.init(seat, Random.stream(1, 'n1'));
    const start = { kind: 'start', restarted: false, stored: new Map(), now: 0 } as const;
    one.step(state, start, { path: 'machine', id: 'n1' });
    return state.result;
  };
  const tenfold = bug(Driven, {
    ...{ name: 'tenfold', ...told, ...where },
    replaces: { double: (n) => 10 * n },
  });

  test('has its rules in its first state and in every step', () => {
    expect(resultOf(machine)).toBe(12);
    expect(resultOf(machine.withRules({ double: (n) => n + 1 }))).toBe(5);
  });

  test('keeps them out of its state', () => {
    const state = machine.init(seat, Random.stream(1, 'n1'));
    expect(machine.hash(machine.fork(state))).toEqual(machine.hash(state));
  });

  test('is stepped by the rules of a bug, driven or by a search', () => {
    const broken = withBugs(Driven, [tenfold]) as typeof Driven;
    expect(broken.definition.rules.double(3)).toBe(30);
    expect(resultOf(broken.machine)).toBe(300);
    expect(resultOf(Driven.machine)).toBe(12);
  });
});

describe('refused are', () => {
  const wrong = (name: string, replaces: object) => () =>
    bug(Lower, { name, ...told, ...where, replaces });

  test.each<[string, () => unknown, string]>([
    [
      'a name that is none',
      wrong('All odd', { isEven: () => true }),
      "lower: a bug is named in kebab-case, not 'All odd'",
    ],
    [
      'a rule that there is not',
      wrong('odd', { isOdd: () => true }),
      'odd replaces isOdd, and lower has: double, isEven',
    ],
    [
      'nothing to replace',
      wrong('idle', {}),
      'idle replaces no rule, and lower has: double, isEven',
    ],
  ])('%s', (_, declare, complaint) => {
    expect(declare).toThrow(new TypeError(complaint));
  });

  test.each<[string, () => unknown, string]>([
    [
      'an unknown bug',
      () => findBugs(chapter, ['all-ood']),
      "upper has no bug 'all-ood' (did you mean 'all-odd'?). It has: triples, all-odd, all-even, mumbles",
    ],
    [
      'a bug of a chapter without any',
      () => findBugs({ name: 'good', algorithm: Upper }, ['x']),
      "good has no bug 'x'. It has none",
    ],
    [
      'two that replace one rule',
      () => withBugs(Upper, [allOdd, allEven]),
      "all-odd and all-even do not go together: both replace the rule 'isEven'",
    ],
    [
      'one of another algorithm',
      () => withBugs(Driven, [triples]),
      'triples belongs to no part of machine',
    ],
  ])('%s', (_, use, complaint) => {
    expect(use).toThrow(new BugError(complaint));
  });
});

test('a bug is plain data beside its functions', () => {
  const shown: Bug = triples;
  expect(shown).toMatchObject({ name: 'triples', algorithm: Lower, seeds: 1 });
});
