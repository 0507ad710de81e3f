/** How a node looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { VisibleState } from './invariants.ts';

/** A pure function of the node's state: arrows go to those that it holds for alive. */
export function view({ members, accusers, news, awake, ...state }: VisibleState): NodePicture {
  const standings = Object.entries(members);
  const idsOf = (status: string) =>
    standings.flatMap(([id, known]) => (known.status === status ? [id] : []));
  const [suspects, dead] = [idsOf('suspect'), idsOf('dead')];
  return {
    role: !awake ? 'asleep' : state.left ? 'gone' : suspects.length > 0 ? 'doubtful' : 'member',
    badges: [
      `i${state.incarnation}`,
      ...(state.health > 0 ? [`health ${state.health}`] : []),
      ...(dead.length > 0 ? [`${dead.length} dead`] : []),
    ],
    rows: {
      ...state,
      members: standings.map(([id, { status, incarnation }]) => `${id} ${status} ${incarnation}`),
      accusers: Object.entries(accusers).map(([id, by]) => `${id}: ${by.join(', ')}`),
      news: news.map(({ node, status, sends }) => `${node} ${status}, told ${sends} times`),
    },
    edges: idsOf('alive'),
  };
}
