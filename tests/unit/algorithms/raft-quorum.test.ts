/** Majorities: the 127 cases of etcd’s raft library, and what they follow from. */

import { describe, expect, test } from 'vitest';
import { majority, reachedByQuorum, voteResult } from '../../../src/algorithms/raft/quorum.ts';
import { fc } from '../../support/property.ts';
import { describeUnless } from '../../support/skip.ts';
import { missingData, transcripts, type TranscriptStep } from '../../support/transcript-file.ts';

const RESULTS = { VoteWon: 'won', VoteLost: 'lost', VotePending: 'pending' } as Record<
  string,
  string
>;

describeUnless(missingData('raft/quorum'))('the cases of etcd', () => {
  const cases = [...transcripts('raft/quorum').values()].flat();

  test('are all there', () => expect(cases).toHaveLength(127));

  for (const step of cases) {
    test(`${step.file}:${step.line} ${step.command}`, () => {
      const expected = step.output.at(-1)!;
      if (step.command.startsWith('vote')) expect(vote(step)).toBe(RESULTS[expected]);
      else expect(committed(step)).toBe(expected.includes('∞') ? Infinity : Number(expected));
    });
  }
});

function vote(step: TranscriptStep): string {
  const { voters, outgoing, values } = parsed(step, 'votes');
  const votes = new Map<string, boolean>();
  for (const [id, value] of values) if (value !== '_') votes.set(id, value === 'y');
  return voteResult({ voters, outgoing }, votes);
}

function committed(step: TranscriptStep): number {
  const { voters, outgoing, values } = parsed(step, 'idx');
  return reachedByQuorum({ voters, outgoing }, (id) =>
    Number(values.get(id)?.replace('_', '0') ?? 0),
  );
}

function parsed({ command }: TranscriptStep, name: string) {
  const voters = list(command, 'cfg');
  const outgoing = list(command, 'cfgj');
  const given = list(command, name);
  const ids = [...new Set([...voters, ...outgoing])];
  return { voters, outgoing, values: new Map(ids.map((id, i) => [id, given[i] ?? '_'])) };
}

function list(command: string, name: string): string[] {
  const found = new RegExp(`\\b${name}=\\(([^)]*)\\)`).exec(command);
  return found === null ? [] : found[1]!.split(',').map((item) => item.trim());
}

describe('a majority', () => {
  test('is more than half, of even numbers too', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((count) => majority(count))).toEqual([1, 2, 2, 3, 3, 4, 4]);
  });

  test('any two share a voter', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 50 }), (count) => 2 * majority(count) > count));
  });

  test('what it has reached is what more than half have, and no more', () => {
    const values = fc.array(fc.nat(20), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(values, (reached) => {
        const voters = reached.map((_, i) => `n${i}`);
        const result = reachedByQuorum(
          { voters, outgoing: [] },
          (id) => reached[Number(id.slice(1))]!,
        );
        const have = (least: number) => reached.filter((value) => value >= least).length;
        expect(have(result)).toBeGreaterThan(reached.length / 2);
        expect(have(result + 1)).toBeLessThanOrEqual(reached.length / 2);
      }),
    );
  });

  test('a vote is lost exactly when the open ones cannot win it any more', () => {
    const votes = fc.array(fc.constantFrom('y', 'n', '_'), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(votes, (given) => {
        const voters = given.map((_, i) => `n${i}`);
        const cast = (open: boolean) => {
          const map = new Map<string, boolean>();
          given.forEach((vote, i) => {
            if (vote !== '_' || open) map.set(`n${i}`, vote !== 'n');
          });
          return voteResult({ voters, outgoing: [] }, map);
        };
        expect(cast(false) === 'lost').toBe(cast(true) === 'lost');
      }),
    );
  });
});
