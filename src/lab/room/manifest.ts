/** Checks a manifest before this tab takes part in its run: a signature says who started it, not that it can be run here. */

import { messageOf } from '../../core/errors.ts';
import type { NodeId } from '../../core/id.ts';
import { lifecycleOverlay } from '../../runtime/lifecycle.ts';
import type { RunPlan } from '../../runtime/plan.ts';
import { planOf, type ReadPlan } from '../run-spec.ts';
import type { FoundChapter } from '../chapters.ts';
import type { Manifest, Seat } from './messages.ts';
import { LINKS_PER_NODE_MAX, NODES_PER_PAGE_MAX } from '../../net/limits.ts';

/** This tab does not take part; the message says why. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** A manifest's run, as it will be here. */
export interface CheckedRun {
  readonly chapter: FoundChapter['chapter'];
  readonly plan: RunPlan;
}

/** What a manifest is checked against. */
export interface ManifestCheck {
  /** This tab's name, and its key in hexadecimal. */
  readonly self: string;
  readonly key: string;
  /** Keys that members are bound to here. */
  readonly keyOf: (member: string) => string | undefined;
  /** What an algorithm is here: see `algorithm-hash.ts`. */
  readonly hashOf: (found: FoundChapter) => string;
  readonly find: (algorithm: string) => Promise<FoundChapter>;
}

/**
 * Makes the plan of a manifest.
 *
 * @throws {ManifestError} when this tab must not or cannot take part
 */
export async function checkManifest(manifest: Manifest, check: ManifestCheck): Promise<CheckedRun> {
  const { spec, seats } = manifest;
  const found = await chapterOf(spec.algorithm, check.find);
  if (check.hashOf(found) !== manifest.algorithmHash) {
    throw new ManifestError(
      `'${spec.algorithm}' is not the same here as in the tab that started the run: one of the two pages is older. Reload both.`,
    );
  }
  const { plan, pinnedKeys } = tryPlan(manifest, found.chapter);
  checkSeats(plan, seats);
  for (const seat of seats) checkKey(seat, pinnedKeys.get(seat.node), check);
  return { chapter: found.chapter, plan };
}

async function chapterOf(
  algorithm: string,
  find: (algorithm: string) => Promise<FoundChapter>,
): Promise<FoundChapter> {
  try {
    return await find(algorithm);
  } catch (error) {
    throw new ManifestError(
      `This page does not know the algorithm that was started: ${messageOf(error)}`,
    );
  }
}

function tryPlan({ spec }: Manifest, chapter: FoundChapter['chapter']): ReadPlan {
  try {
    return planOf(spec, chapter);
  } catch (error) {
    throw new ManifestError(`The run cannot be made here: ${messageOf(error)}`);
  }
}

/** Every node has one seat, and no page or node has more to carry than it can. */
function checkSeats({ nodes }: RunPlan, seats: readonly Seat[]): void {
  const planned = nodes.map(({ id }) => id);
  const seated = new Set(seats.map(({ node }) => node));
  if (seats.length !== planned.length || !planned.every((id) => seated.has(id))) {
    throw new ManifestError('The manifest does not give every node of the configuration one seat.');
  }
  const counts = new Map<string, number>();
  for (const { member } of seats) counts.set(member, (counts.get(member) ?? 0) + 1);
  const most = Math.max(...counts.values());
  if (most > NODES_PER_PAGE_MAX) {
    throw new ManifestError(
      `The manifest gives one tab ${most} nodes, and a page holds at most ${NODES_PER_PAGE_MAX}.`,
    );
  }
  for (const [id, links] of linkCounts(nodes)) {
    if (links > LINKS_PER_NODE_MAX) {
      throw new ManifestError(
        `${id} would have ${links} links, and a node has at most ${LINKS_PER_NODE_MAX}.`,
      );
    }
  }
}

/** How many other nodes each is linked to. */
export function linkCounts(nodes: RunPlan['nodes']): ReadonlyMap<NodeId, number> {
  const overlay = lifecycleOverlay(new Map(nodes.map(({ id, neighbours }) => [id, neighbours])));
  return new Map(nodes.map(({ id }) => [id, overlay.get(id)!.size]));
}

/** Keys come from here and not from signaling: so nobody can exchange one. */
function checkKey(
  { node, member, key }: Seat,
  pinned: string | undefined,
  { self, key: own, keyOf }: ManifestCheck,
): void {
  if (pinned !== undefined && pinned !== key) {
    throw new ManifestError(
      `The configuration pins ${node} to another key (public_key) than the one that the manifest has for it.`,
    );
  }
  const known = member === self ? own : keyOf(member);
  if (known === undefined || known === key) return;
  const whose = member === self ? 'this tab' : `the tab that runs ${node}`;
  throw new ManifestError(`The manifest has another key for ${whose} than it has here.`);
}
