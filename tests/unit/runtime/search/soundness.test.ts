/**
 * Nothing is left out and nothing is made up: on machines that are drawn at random the search reaches exactly the situations that a
 * plain enumeration reaches, which compares whole situations as texts and remembers nothing else.
 */

import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { driven } from '../../../../src/core/machine-driver.ts';
import { defineMachine } from '../../../../src/core/machine.ts';
import { cast } from '../../../../src/core/message.ts';
import type { Adversary } from '../../../../src/core/small-world.ts';
import { fc } from '../../../support/property.ts';
import { planOf } from '../../../support/simulate.ts';
import { runSearch } from './run-search.ts';

const STATES = 3;
const WORDS = 2;

/** What a node does: where it goes, what it says to the other (−1: nothing), whether it sets its timer, and what it stores. */
interface Reaction {
  readonly next: number;
  readonly say: number;
  readonly sets: boolean;
  readonly stores: boolean;
}

/** For each of two nodes, each state and each input: words, then the timer. */
type Behaviour = readonly (readonly (readonly Reaction[])[])[];

const reaction = fc.record({
  next: fc.integer({ min: 0, max: STATES - 1 }),
  say: fc.integer({ min: -1, max: WORDS - 1 }),
  sets: fc.boolean(),
  stores: fc.boolean(),
});

const behaviour: fc.Arbitrary<Behaviour> = fc.array(
  fc.array(fc.array(reaction, { minLength: WORDS + 1, maxLength: WORDS + 1 }), {
    minLength: STATES,
    maxLength: STATES,
  }),
  { minLength: 2, maxLength: 2 },
);

/** A node says no more than this in answer, so that the world has an end. */
const ANSWERS_MAX = 2;

/** For a busy machine. */
const PATIENCE_MS = 60_000;

function machineOf(table: Behaviour) {
  const machine = defineMachine('drawn', {
    messages: { word: cast({ word: v.number() }) },
    init: ({ id }) => ({ me: id === 'n1' ? 0 : 1, at: 0, left: ANSWERS_MAX }),
    step(state, input, out) {
      const other = state.me === 0 ? 'n2' : 'n1';
      if (input.kind === 'start') {
        state.at = Number(input.stored.get('at') ?? 0);
        out.send(other, 'word', { word: 0 });
        out.timer('t', 1);
        return;
      }
      if (input.kind !== 'message' && input.kind !== 'timer') return;
      const heard = input.kind === 'message' ? input.message.word : WORDS;
      const { next, say, sets, stores } = table[state.me]![state.at]![heard]!;
      state.at = next;
      if (stores) out.put({ at: next });
      if (say < 0 || state.left === 0) {
        if (sets) out.timer('t', 1);
        return;
      }
      state.left--;
      out.send(other, 'word', { word: say });
      if (sets) out.timer('t', 1);
    },
  });
  return class extends driven(machine) {};
}

/** A situation, written out. */
interface Plain {
  readonly at: readonly (number | null)[];
  readonly timer: readonly boolean[];
  readonly disk: readonly number[];
  /** On their way, to each node, in the order of sending. */
  readonly words: readonly (readonly number[])[];
  readonly crashes: number;
  /** What each may still say. */
  readonly left: readonly number[];
}

/** Every pair of states that two such nodes can be in, found the plain way. */
function enumerate(table: Behaviour, adversary: Adversary): Set<string> {
  const { ordered = false, duplicates = false, losses = false, crashes = 0 } = adversary;
  const post = (words: readonly number[], word: number) => {
    if (duplicates && words.includes(word)) return words;
    return ordered ? [...words, word] : [...words, word].toSorted((a, b) => a - b);
  };
  const put = <T>(list: readonly T[], at: number, item: T) => list.with(at, item);
  const react = (from: Plain, me: number, heard: number, words: Plain['words']): Plain => {
    const { next, say, sets, stores } = table[me]![from.at[me]!]![heard]!;
    const other = 1 - me;
    const isSaid = say >= 0 && from.left[me]! > 0;
    const isHeard = isSaid && from.at[other] !== null;
    return {
      ...from,
      at: put(from.at, me, next),
      timer: put(from.timer, me, (heard === WORDS ? false : from.timer[me]!) || sets),
      disk: stores ? put(from.disk, me, next) : from.disk,
      words: isHeard ? put(words, other, post(words[other]!, say)) : words,
      left: isSaid ? put(from.left, me, from.left[me]! - 1) : from.left,
    };
  };
  const nextOf = (from: Plain): Plain[] =>
    [0, 1].flatMap((me) => {
      const found: Plain[] = [];
      const waiting = from.words[me]!;
      if (from.at[me] === null) {
        const other = 1 - me;
        const isHeard = from.at[other] !== null;
        const words = isHeard ? put(from.words, other, post(from.words[other]!, 0)) : from.words;
        return [
          {
            ...from,
            at: put(from.at, me, from.disk[me]!),
            timer: put(from.timer, me, true),
            left: put(from.left, me, ANSWERS_MAX),
            words,
          },
        ];
      }
      const reachable = ordered ? waiting.slice(0, 1) : [...new Set(waiting)];
      for (const word of reachable) {
        const left = waiting.toSpliced(waiting.indexOf(word), 1);
        found.push(react(from, me, word, duplicates ? from.words : put(from.words, me, left)));
        if (losses) found.push({ ...from, words: put(from.words, me, left) });
      }
      if (from.timer[me]) found.push(react(from, me, WORDS, from.words));
      if (from.crashes > 0) {
        const down = { at: put(from.at, me, null), timer: put(from.timer, me, false) };
        found.push({ ...from, ...down, words: put(from.words, me, []), crashes: from.crashes - 1 });
      }
      return found;
    });
  const first: Plain = {
    ...{ at: [0, 0], timer: [true, true], disk: [0, 0] },
    ...{ words: [[0], [0]], crashes, left: [ANSWERS_MAX, ANSWERS_MAX] },
  };
  const seen = new Set([JSON.stringify(first)]);
  const queue = [first];
  for (const from of queue) {
    for (const next of nextOf(from)) {
      const text = JSON.stringify(next);
      if (seen.has(text)) continue;
      seen.add(text);
      queue.push(next);
    }
  }
  return new Set(queue.map(({ at }) => JSON.stringify(at)));
}

const adversaries: Readonly<Record<string, Adversary>> = {
  'messages in any order': {},
  'messages in order': { ordered: true },
  'messages in order that are lost': { ordered: true, losses: true },
  'messages that come again': { duplicates: true },
  'messages that are lost': { losses: true },
  'a crash': { crashes: 1 },
  'a crash, and messages that come again': { crashes: 1, duplicates: true },
};

describe('a search reaches what can be reached, and nothing else', () => {
  for (const [name, adversary] of Object.entries(adversaries)) {
    test(
      name,
      async () => {
        await fc.assert(
          fc.asyncProperty(
            behaviour,
            fc.constantFrom('breadth', 'depth'),
            async (table, strategy) => {
              const reached = new Set<string>();
              const { outcome } = await runSearch({
                plan: planOf(machineOf(table), { nodes: 2 }),
                adversary,
                strategy,
                properties: [
                  {
                    name: 'is noted',
                    check({ nodes }) {
                      const at = nodes.map(({ state, fault }) =>
                        fault === 'crashed' ? null : state.at,
                      );
                      reached.add(JSON.stringify(at));
                      return undefined;
                    },
                  },
                ],
              });
              expect(outcome).toBe('complete');
              expect([...reached].toSorted()).toEqual([...enumerate(table, adversary)].toSorted());
            },
          ),
          { numRuns: 15 },
        );
      },
      PATIENCE_MS,
    );
  }
});

test(
  'a forbidden pair of states is found if it can be reached, by a shortest way',
  async () => {
    const pair = fc.tuple(fc.nat(STATES - 1), fc.nat(STATES - 1));
    await fc.assert(
      fc.asyncProperty(behaviour, pair, async (table, forbidden) => {
        const options = {
          plan: planOf(machineOf(table), { nodes: 2 }),
          invariants: [
            {
              name: 'the pair is avoided',
              check: ({ nodes }: { nodes: readonly { state: any }[] }) =>
                nodes.every(({ state }, at) => state.at === forbidden[at])
                  ? 'it is not'
                  : undefined,
            },
          ],
        };
        const isReachable = enumerate(table, {}).has(JSON.stringify(forbidden));
        const nearest = await runSearch(options);
        expect(nearest.outcome).toBe(isReachable ? 'violation' : 'complete');
        const other = await runSearch({ ...options, strategy: 'depth' });
        expect(other.outcome).toBe(nearest.outcome);
        const [short = 0, long = 0] = [nearest, other].map((one) => one.violation?.steps.length);
        expect(short).toBeLessThanOrEqual(long);
      }),
      { numRuns: 30 },
    );
  },
  PATIENCE_MS,
);
