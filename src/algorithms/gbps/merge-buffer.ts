/** What becomes of a view when descriptors arrive: the paper's `view.select`. */

import type { Random } from '../../core/random.ts';
import { nthGreatest } from './nth-greatest.ts';
import type { Buffer, GbpsRules, Views, Workspace } from './partial-view.ts';

/**
 * The paper's `view.select(c, H, S, buffer)`: append, keep the younger of two descriptors of a peer, then make room: first
 * the oldest go (`heal`), then the head, which is what was just sent (`swap`), then any. What stays keeps its slot.
 *
 * @param sent so many slots of the head hold what was sent to this peer
 */
export function mergeBuffer(
  views: Views,
  node: number,
  self: number,
  { viewSize, heal, swap }: GbpsRules,
  random: Random,
  workspace: Workspace,
  buffer: Buffer,
  sent: number,
): void {
  nextStamp(workspace);
  const received = takeBuffer(workspace, self, buffer);
  const merge: Merge = { held: views.sizes[node]!, received, free: 0, dropped: 0 };
  dropKnown(views, node, workspace, merge);
  let surplus = merge.held - merge.free + received - merge.dropped - viewSize;
  if (surplus > 0 && heal > 0) {
    const count = Math.min(heal, surplus);
    dropOldest(views, node, workspace, merge, count);
    surplus -= count;
  }
  if (surplus > 0 && swap > 0) {
    const count = Math.min(swap, surplus);
    dropHead(workspace, merge, sent, count, random);
    surplus -= count;
  }
  for (; surplus > 0; surplus--) dropAny(workspace, merge, random);
  store(views, node, workspace, merge);
}

/** How far an exchange has come. */
interface Merge {
  /** Slots that were filled before it. */
  readonly held: number;
  /** Descriptors in the workspace. */
  readonly received: number;
  /** Slots of the view that became free. */
  free: number;
  /** Descriptors in the workspace that do not stay. */
  dropped: number;
}

/** What arrived, each peer once with its lowest age, and the node itself not at all; how many. */
function takeBuffer(workspace: Workspace, self: number, buffer: Buffer): number {
  const { peers, ages, table } = workspace;
  const mask = table.length - 1;
  const first = workspace.stamp * peers.length;
  let size = 0;
  for (let i = 0; i < buffer.size; i++) {
    const peer = buffer.peers[i]!;
    const age = buffer.ages[i]!;
    if (peer === self) continue;
    let place = peer & mask;
    let known = table[place]! - first;
    while (known >= 0 && peers[known] !== peer) {
      place = (place + 1) & mask;
      known = table[place]! - first;
    }
    if (known >= 0) {
      if (age < ages[known]!) ages[known] = age;
      continue;
    }
    table[place] = first + size;
    peers[size] = peer;
    ages[size] = age;
    size++;
  }
  return size;
}

/** Of two descriptors of one peer the younger stays. */
function dropKnown(views: Views, node: number, workspace: Workspace, merge: Merge): void {
  const { peers, ages, table, stamp, gone } = workspace;
  const mask = table.length - 1;
  const first = stamp * peers.length;
  const base = node * views.capacity;
  for (let slot = 0; slot < merge.held; slot++) {
    const peer = views.peers[base + slot]!;
    // Peers are as good as their own hashes: their numbers are spread over all places.
    let place = peer & mask;
    let twin = table[place]! - first;
    while (twin >= 0 && peers[twin] !== peer) {
      place = (place + 1) & mask;
      twin = table[place]! - first;
    }
    if (twin < 0) continue;
    if (ages[twin]! < views.ages[base + slot]!) {
      free(workspace, merge, slot);
    } else {
      gone[merge.held + twin] = stamp;
      merge.dropped++;
    }
  }
}

function free({ free: slots, gone, stamp }: Workspace, merge: Merge, slot: number): void {
  gone[slot] = stamp;
  slots[merge.free++] = slot;
}

/** Drops the `at`-th of all, those of the view first. */
function drop(workspace: Workspace, merge: Merge, at: number): void {
  if (at < merge.held) {
    free(workspace, merge, at);
    return;
  }
  workspace.gone[at] = workspace.stamp;
  merge.dropped++;
}

/** Of equals those go that stand first: the sent ones, which are known elsewhere. */
function dropOldest(
  views: Views,
  node: number,
  workspace: Workspace,
  merge: Merge,
  count: number,
): void {
  const { sorted, gone, stamp, ages } = workspace;
  const { held } = merge;
  const all = held + merge.received;
  const base = node * views.capacity;
  let size = 0;
  for (let i = 0; i < all; i++) {
    if (gone[i] !== stamp) sorted[size++] = i < held ? views.ages[base + i]! : ages[i - held]!;
  }
  const limit = nthGreatest(sorted, size, count);
  let equals = count;
  for (let i = 0; i < size; i++) if (sorted[i]! > limit) equals--;
  for (let i = 0; i < all; i++) {
    if (gone[i] === stamp) continue;
    const age = i < held ? views.ages[base + i]! : ages[i - held]!;
    if (age > limit || (age === limit && equals-- > 0)) drop(workspace, merge, i);
  }
}

/** The first `sent` slots go first; behind them the paper's view stands in random order, so there it is any. */
function dropHead(
  workspace: Workspace,
  merge: Merge,
  sent: number,
  count: number,
  random: Random,
): void {
  const { gone, stamp } = workspace;
  const head = Math.min(sent, merge.held);
  let left = count;
  for (let slot = 0; slot < head && left > 0; slot++) {
    if (gone[slot] === stamp) continue;
    free(workspace, merge, slot);
    left--;
  }
  while (left > 0 && merge.free < merge.held) {
    const slot = random.below(merge.held);
    if (gone[slot] === stamp) continue;
    free(workspace, merge, slot);
    left--;
  }
  for (; left > 0; left--) dropAny(workspace, merge, random);
}

function dropAny(workspace: Workspace, merge: Merge, random: Random): void {
  const { gone, stamp } = workspace;
  for (;;) {
    const at = random.below(merge.held + merge.received);
    if (gone[at] === stamp) continue;
    drop(workspace, merge, at);
    return;
  }
}

/** What was received and stays goes into the free slots, or behind the others. */
function store(views: Views, node: number, workspace: Workspace, merge: Merge): void {
  const { peers, ages, free: slots, gone, stamp } = workspace;
  const base = node * views.capacity;
  let size = merge.held;
  let left = merge.free;
  for (let i = 0; i < merge.received; i++) {
    if (gone[merge.held + i] === stamp) continue;
    const slot = base + (left > 0 ? slots[--left]! : size++);
    views.peers[slot] = peers[i]!;
    views.ages[slot] = ages[i]!;
  }
  // More went than came: the last ones close the gaps, from the back, so that no gap is moved.
  if (left > 1) slots.subarray(0, left).sort();
  while (left > 0) {
    const slot = slots[--left]!;
    size--;
    views.peers[base + slot] = views.peers[base + size]!;
    views.ages[base + slot] = views.ages[base + size]!;
  }
  views.sizes[node] = size;
}

function nextStamp(workspace: Workspace): void {
  workspace.stamp++;
  if ((workspace.stamp + 1) * workspace.peers.length <= STAMP_MAX) return;
  workspace.table.fill(0);
  workspace.gone.fill(0);
  workspace.stamp = 1;
}

/** The greatest that a typed array of 32 bits can hold. */
const STAMP_MAX = 0x7fffffff;
