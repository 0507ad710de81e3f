/** How runs of disseminators end, read off the reports. */

import type { NodeId } from '../../core/id.ts';
import type { RunResult } from '../../core/result.ts';
import { firstOf, same, type Verdict } from '../verdict.ts';

interface Reported {
  readonly delivered: Readonly<Record<string, Readonly<Record<NodeId, number>>>>;
  readonly counts: Readonly<Record<string, number>>;
}

/** Each of these has delivered so many messages of each of those, in the topic. */
export function delivered(
  result: RunResult,
  topic: string,
  members: readonly NodeId[],
  expected: Readonly<Record<NodeId, number>>,
): Verdict {
  return firstOf(members, (id) =>
    firstOf(Object.entries(expected), ([origin, count]) =>
      same(`${id} has of ${origin} in ${topic}`, deliveredOf(result, id, topic, origin), count),
    ),
  );
}

/** How many messages of an origin in a topic a node has delivered. */
export function deliveredOf(
  { nodes }: RunResult,
  id: NodeId,
  topic: string,
  origin: NodeId,
): number {
  return (nodes[id]?.report as Reported | undefined)?.delivered?.[topic]?.[origin] ?? 0;
}

/** One of the counts, summed over all nodes. */
export function countOf({ nodes }: RunResult, count: string): number {
  return Object.values(nodes).reduce(
    (sum, { report }) => sum + Number((report as unknown as Reported).counts?.[count] ?? 0),
    0,
  );
}

/** No node of these has delivered anything in the topic. */
export function heardNothing(
  { nodes }: RunResult,
  topic: string,
  members: readonly NodeId[],
): Verdict {
  return firstOf(members, (id) => {
    const of = (nodes[id]?.report as Reported | undefined)?.delivered?.[topic] ?? {};
    const heard = Object.entries(of).find(([, count]) => count > 0);
    return heard === undefined ? undefined : `${id} has ${heard[1]} messages of ${heard[0]}`;
  });
}
