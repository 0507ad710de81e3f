/**
 * The publications of late, for those who missed them: in windows, of which the oldest goes whenever a new one is opened. Gossipsub calls
 * it its message cache.
 */

import type { NodeId } from '../../core/id.ts';
import { canonicalLength } from '../../core/canonical.ts';
import type { Publication, PublicationId } from './interface.ts';
import { keyOf, nameOf } from './state.ts';

/** Publications kept, and their bytes: above either, what comes is not kept, and whoever misses it has to hear it from others. */
export const HISTORY_MAX = 5000;
/** See {@link HISTORY_MAX}. */
export const HISTORY_BYTES_MAX = 16 * 1024 * 1024;

/** A publication that is kept. */
export interface Kept {
  readonly publication: Publication;
  /** Links that it has come. */
  readonly hops: number;
  readonly bytes: number;
  /** How often it was sent to a neighbour that asked for it. */
  readonly sent: Map<NodeId, number>;
}

/** What is kept. */
export interface History {
  readonly items: Map<string, Kept>;
  /** Keys, the newest window first. */
  readonly windows: string[][];
  bytes: number;
}

/** Nothing yet. */
export function emptyHistory(): History {
  return { items: new Map(), windows: [[]], bytes: 0 };
}

/** Keeps a publication, if there is room. */
export function keep(history: History, publication: Publication, hops: number): void {
  const key = keyOf(nameOf(publication));
  const bytes = canonicalLength(publication.payloads);
  const { items, windows } = history;
  if (items.has(key) || items.size >= HISTORY_MAX) return;
  if (history.bytes + bytes > HISTORY_BYTES_MAX) return;
  items.set(key, { publication, hops, bytes, sent: new Map() });
  windows[0]!.push(key);
  history.bytes += bytes;
}

/** Opens a new window, and forgets what is not in the newest `length` of them. */
export function shift(history: History, length: number): void {
  const { items, windows } = history;
  windows.unshift([]);
  while (windows.length > length) {
    for (const key of windows.pop()!) {
      history.bytes -= items.get(key)!.bytes;
      items.delete(key);
    }
  }
}

/** The publications of a topic in the newest `length` windows. */
export function recent(history: History, topic: string, length: number): PublicationId[] {
  const ids: PublicationId[] = [];
  for (const window of history.windows.slice(0, length)) {
    for (const key of window) {
      const { publication } = history.items.get(key)!;
      if (publication.topic !== topic) continue;
      const { signer: origin, incarnation, sequence } = publication;
      ids.push({ origin, incarnation, sequence });
    }
  }
  return ids;
}
