/** Runs that every disseminator must bring to the same end, each with settings of its own. */

import type { Scenario } from '../../core/chapter.ts';
import { first, nodeNames, same } from '../verdict.ts';
import { countOf, delivered, heardNothing } from './verdicts.ts';

/** Settings of one node, as they stand in the YAML. */
export type NodeSettings = Readonly<Record<string, unknown>>;

/** A configuration: the settings of all, and what is different at some nodes. */
export function group(
  count: number,
  all: NodeSettings,
  some: Readonly<Record<string, NodeSettings>> = {},
): string {
  return nodeNames(count)
    .map((id) => `${id}: ${JSON.stringify({ ...all, ...some[id] })}`)
    .join('\n');
}

/**
 * The scenarios, with these settings at every node.
 *
 * @param lateHears whether what was said before one joined may reach it, because it is told of for a while
 */
export function commonScenarios(settings: NodeSettings, lateHears = false): readonly Scenario[] {
  const news = { topics: ['news'], ...settings };
  return [
    {
      name: 'Two speakers among six',
      story: 'n1 and n4 publish five texts each; all six have all ten, each once.',
      config: group(6, news, { n1: { publishes: 5 }, n4: { publishes: 5 } }),
      ends: (result) => first(delivered(result, 'news', nodeNames(6), { n1: 5, n4: 5 })),
    },
    {
      name: 'Two topics',
      story: 'n1 is in both topics, n2 and n3 in one, n4 and n5 in the other: each hears its own.',
      config: group(5, settings, {
        n1: { topics: ['red', 'blue'] },
        n2: { topics: ['red'], publishes: 3 },
        n3: { topics: ['red'] },
        n4: { topics: ['blue'], publishes: 2 },
        n5: { topics: ['blue'] },
      }),
      ends: (result) =>
        first(
          delivered(result, 'red', ['n1', 'n2', 'n3'], { n2: 3 }),
          delivered(result, 'blue', ['n1', 'n4', 'n5'], { n4: 2 }),
          heardNothing(result, 'red', ['n4', 'n5']),
          heardNothing(result, 'blue', ['n2', 'n3']),
        ),
    },
    {
      name: 'A publisher that is no member',
      story: 'n1 publishes in a topic that it has not joined: the members have it, n1 does not.',
      config: group(4, news, { n1: { topics: [], publishes: 3, publish_topic: 'news' } }),
      ends: (result) =>
        first(
          delivered(result, 'news', ['n2', 'n3', 'n4'], { n1: 3 }),
          heardNothing(result, 'news', ['n1']),
        ),
    },
    {
      name: 'One comes, one goes',
      story: lateHears
        ? 'n3 joins when all is said, and may hear of it; n4 leaves before anything is, and hears nothing.'
        : 'n3 joins when all is said, n4 leaves before anything is: neither hears a word.',
      config: group(4, news, {
        n1: { publishes: 3 },
        n3: { join_after: 8 },
        n4: { leave_after: 0.5 },
      }),
      ends: (result) =>
        first(
          delivered(result, 'news', ['n1', 'n2'], { n1: 3 }),
          heardNothing(result, 'news', lateHears ? ['n4'] : ['n3', 'n4']),
        ),
    },
  ];
}

/** A run in which nothing may be sent on, by those that do not carry what they have not joined. */
export function nobodyListens(settings: NodeSettings): Scenario {
  return {
    name: 'Nobody listens',
    story: 'n1 publishes where nobody is: nothing travels.',
    config: group(3, settings, { n1: { publishes: 2, publish_topic: 'void' } }),
    ends: (result) => same('publications sent on', countOf(result, 'forwarded'), 0),
  };
}
