/** Configurations: the 58 steps of etcd’s raft library, and what any change must keep. */

import { describe, expect, test } from 'vitest';
import {
  changeFor,
  ConfigurationError,
  configurationOf,
  enterJoint,
  isJoint,
  leaveJoint,
  membersOf,
  simpleChange,
  type Change,
  type Configuration,
} from '../../../src/algorithms/raft/configuration.ts';
import { fc } from '../../support/property.ts';
import { describeUnless } from '../../support/skip.ts';
import { missingData, transcripts, type TranscriptStep } from '../../support/transcript-file.ts';

/** Our words for what etcd says. */
const COMPLAINTS: Readonly<Record<string, string>> = {
  'removed all voters': 'no voter would be left',
  "can't leave a non-joint config": 'the configuration is not joint',
  'config is already joint': 'the configuration is joint already',
  "can't make a zero-voter config joint": 'there are no voters to change',
  'more than one voter changed without entering joint config':
    'more than one voter changes: that takes a joint configuration',
  "can't apply simple config change in joint config": 'a joint configuration has to be left first',
};

const KINDS = { v: 'voter', l: 'learner', r: 'removed' } as const;

describeUnless(missingData('raft/confchange'))('the steps of etcd', () => {
  const files = transcripts('raft/confchange');

  test('are all there', () => expect([...files.values()].flat()).toHaveLength(58));

  for (const [file, steps] of files) {
    test(`${file}: ${steps.length} steps`, () => {
      let configuration = configurationOf([]);
      for (const step of steps) {
        const where = `line ${step.line}: ${step.command} ${step.input.join(' ')}`;
        const expected = step.output[0]!;
        if (expected.startsWith('voters=')) {
          configuration = applied(configuration, step);
          expect(shown(configuration), where).toBe(expected);
          const members = step.output.slice(1).map((line) => line.split(':')[0]!);
          expect(membersOf(configuration).toSorted(), where).toEqual(members.toSorted());
        } else {
          const complaint = COMPLAINTS[expected];
          expect(complaint, `${where}: ${expected}`).toBeDefined();
          expect(() => applied(configuration, step), where).toThrow(complaint!);
        }
      }
    });
  }
});

function applied(before: Configuration, { command, input }: TranscriptStep): Configuration {
  const words = input.join(' ').split(' ').filter(Boolean);
  const changes = words
    // Updates concern what lies beside the configuration, and node 0 is nobody.
    .filter((word) => !word.startsWith('u') && word.slice(1) !== '0')
    .map((word): Change => ({ make: KINDS[word[0] as keyof typeof KINDS], node: word.slice(1) }));
  if (command.startsWith('simple')) return simpleChange(before, changes);
  if (command.startsWith('leave-joint')) return leaveJoint(before);
  return enterJoint(before, changes, command.includes('autoleave=true'));
}

/** As etcd prints it. */
function shown({ voters, outgoing, learners, learnersNext, autoLeave }: Configuration): string {
  const list = (ids: readonly string[]) => `(${ids.join(' ')})`;
  return [
    `voters=${list(voters)}${outgoing.length > 0 ? `&&${list(outgoing)}` : ''}`,
    ...(learners.length > 0 ? [`learners=${list(learners)}`] : []),
    ...(learnersNext.length > 0 ? [`learners_next=${list(learnersNext)}`] : []),
    ...(autoLeave ? ['autoleave'] : []),
  ].join(' ');
}

describe('any change', () => {
  const node = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const change = fc.record({
    make: fc.constantFrom('voter', 'learner', 'removed', 'witness'),
    node,
  });
  const changes = fc.array(change, { minLength: 1, maxLength: 4 }) as fc.Arbitrary<Change[]>;

  test('keeps a voter that can lead, and nobody is two things at once', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 6 }), (rounds) => {
        let configuration = configurationOf(['a', 'b', 'c']);
        for (const round of rounds) {
          try {
            configuration = isJoint(configuration)
              ? leaveJoint(configuration)
              : changeFor(configuration, round);
          } catch (error) {
            expect(error).toBeInstanceOf(ConfigurationError);
          }
          const { voters, learners, learnersNext, outgoing, witnesses } = configuration;
          expect(voters.some((id) => !witnesses.includes(id))).toBe(true);
          expect(learners.filter((id) => voters.includes(id) || outgoing.includes(id))).toEqual([]);
          expect(learnersNext.filter((id) => !outgoing.includes(id))).toEqual([]);
        }
      }),
    );
  });

  test('by more than one voter goes through a joint configuration', () => {
    const before = configurationOf(['a', 'b', 'c']);
    const two: Change[] = [
      { make: 'removed', node: 'a' },
      { make: 'voter', node: 'd' },
    ];
    const joint = changeFor(before, two);
    expect(joint).toMatchObject({
      voters: ['b', 'c', 'd'],
      outgoing: ['a', 'b', 'c'],
      autoLeave: true,
    });
    expect(leaveJoint(joint)).toEqual(configurationOf(['b', 'c', 'd']));
    expect(changeFor(before, two.slice(0, 1)).outgoing).toEqual([]);
  });

  test('cannot leave witnesses alone', () => {
    const before = configurationOf(['a', 'w'], { witnesses: ['w'] });
    expect(() => simpleChange(before, [{ make: 'removed', node: 'a' }])).toThrow(
      'a witness cannot lead',
    );
  });
});
