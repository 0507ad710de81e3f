/** Both ends of a memory link, as the compliance suite wants them. */

import type { Link, LinkEvents } from '../../src/net/link.ts';
import { memoryLinks } from '../../src/net/memory-link.ts';
import { LocalEnd } from './link-end.ts';
import type { LinkPair } from './link.suite.ts';

/** Makes a pair. Both links are made in one call, but each end brings its own events. */
export async function memoryPair(): Promise<LinkPair> {
  const events: LinkEvents[] = [];
  const relay = (side: 0 | 1): LinkEvents => ({
    open: () => events[side]!.open?.(),
    frame: (frame) => events[side]!.frame(frame),
    closed: (reason) => events[side]!.closed(reason),
  });
  const links: readonly [Link, Link] = memoryLinks(relay(0), relay(1));
  const end = (side: 0 | 1) =>
    new LocalEnd((own) => {
      events[side] = own;
      return links[side];
    });
  return { left: end(0), right: end(1), dispose: () => {} };
}
