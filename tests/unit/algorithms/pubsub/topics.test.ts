import { describe, expect, test } from 'vitest';
import {
  matches,
  patternProblem,
  TOPIC_LENGTH_MAX,
  topicProblem,
} from '../../../../src/algorithms/pubsub/topics.ts';

describe('patterns are those of MQTT 5.0, section 4.7', () => {
  test.each([
    ['sport/tennis', 'sport/tennis', true],
    ['sport/+', 'sport/tennis', true],
    ['sport/+', 'sport', false],
    ['sport/+', 'sport/', true],
    ['sport/+', 'sport/tennis/final', false],
    ['sport/#', 'sport', true],
    ['sport/#', 'sport/tennis/final', true],
    ['sport/#', 'sports', false],
    ['#', 'anything/at/all', true],
    ['+', '/finance', false],
    ['+/+', '/finance', true],
    ['#', '$parley/presence', false],
    ['+/presence', '$parley/presence', false],
    ['$parley/#', '$parley/presence', true],
    ['Sport', 'sport', false],
  ])('%s and %s: %s', (pattern, topic, expected) => {
    expect(matches(pattern, topic)).toBe(expected);
  });

  test.each([
    '',
    'a+',
    'a/b+/c',
    '#/a',
    'a#',
    'a\u0000b',
    'a\nb',
    '\ud800',
    'x'.repeat(201),
    '/'.repeat(16),
  ])('the pattern %j is none', (pattern) => expect(patternProblem(pattern)).toBeTypeOf('string'));

  test('a topic holds no wildcard, and may be as long as it may', () => {
    expect(topicProblem('sport/+')).toContain('wildcard');
    expect(topicProblem('x'.repeat(TOPIC_LENGTH_MAX))).toBeUndefined();
    expect(topicProblem('<b>markup</b> & spaces are names too')).toBeUndefined();
  });
});
