/**
 * Names of topics, and patterns over them. The syntax is MQTT's (version 5.0, section 4.7): levels are parted by `/`, `+` stands for one
 * level, `#` at the end for all that follow, its parent included. A topic whose name begins with `$` is found by no pattern that begins
 * with a wildcard.
 */

import { isWellFormed } from '../../core/utf8.ts';

/** Longest name of a topic, in UTF-16 units: it travels with each message. */
export const TOPIC_LENGTH_MAX = 200;

/** Deepest name: matching costs a step a level. */
const LEVELS_MAX = 16;

/** What is wrong with the name of a topic; undefined when nothing is. */
export function topicProblem(topic: string): string | undefined {
  const problem = nameProblem(topic);
  if (problem !== undefined) return problem;
  return /[+#]/.test(topic) ? 'holds a wildcard, and one publishes to one topic' : undefined;
}

/** What is wrong with a pattern; a topic is one too. */
export function patternProblem(pattern: string): string | undefined {
  const problem = nameProblem(pattern);
  if (problem !== undefined) return problem;
  const levels = pattern.split('/');
  const bad = levels.find(
    (level, at) =>
      /[+#]/.test(level) && level !== '+' && !(level === '#' && at === levels.length - 1),
  );
  return bad === undefined
    ? undefined
    : `has '${bad}' for a level: '+' stands alone, and '#' alone at the end`;
}

/** Whether a topic is one of those that the pattern means. Both must be sound. */
export function matches(pattern: string, topic: string): boolean {
  if (pattern === topic) return true;
  const wanted = pattern.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return false;
  for (const [at, level] of wanted.entries()) {
    if (level === '#') return levels.length >= at;
    if (levels[at] === undefined || (level !== '+' && level !== levels[at])) return false;
  }
  return wanted.length === levels.length;
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > TOPIC_LENGTH_MAX) return `is longer than ${TOPIC_LENGTH_MAX} characters`;
  if (!isWellFormed(name)) return 'holds half a surrogate pair';
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(name)) return 'holds a control character';
  if (name.split('/').length > LEVELS_MAX) return `has more than ${LEVELS_MAX} levels`;
  return undefined;
}
