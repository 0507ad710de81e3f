/**
 * What a node has to pass on: of each node the newest, with how often it was said. Every message takes some along, those said least
 * first, so that news spreads like an infection and costs no message of its own.
 */

import type { NodeId } from '../../core/id.ts';
import type { News } from './messages.ts';

/** A piece of news, and how often it was passed on. */
export interface Told {
  readonly news: News;
  sends: number;
}

/** News by the node that it is about: what is newer takes the place of what is older. */
export type NewsDesk = Map<NodeId, Told>;

/** Puts news up to be passed on, from the start. */
export function publish(desk: NewsDesk, news: News): void {
  desk.delete(news.node);
  desk.set(news.node, { news, sends: 0 });
}

/**
 * At most `count` pieces for one message, what is about its receiver first: whoever is suspected must hear of it (Lifeguard's buddy
 * system). What `isSpent` says has been said enough is dropped.
 */
export function takeNews(
  desk: NewsDesk,
  count: number,
  to: NodeId,
  isSpent: (sends: number) => boolean,
): News[] {
  const waiting = [...desk.values()].toSorted((a, b) => urgency(a, to) - urgency(b, to));
  const taken = waiting.slice(0, count);
  for (const told of taken) {
    told.sends++;
    if (isSpent(told.sends)) desk.delete(told.news.node);
  }
  return taken.map(({ news }) => news);
}

function urgency({ news, sends }: Told, to: NodeId): number {
  return news.node === to ? -1 : sends;
}
