/**
 * One order for all, on top of Raft: whoever leads proposes the numbers of the batches that somebody wants in total order, as they pass
 * here, and the order in which the registry took them is that in which everybody delivers them. A batch that was proposed twice, by one
 * leader after the other, keeps its first place.
 */

import type { Outcome } from '../raft/messages.ts';
import type { Journal } from './journal.ts';
import type { Place, RegistryCommand, TopicRegistry } from './registry.ts';
import type { PubsubRules } from './rules.ts';
import type { Kept } from './streams.ts';

/** Places proposed in one command. */
const PROPOSED_MAX = 128;

/** The part of the leader. */
export class Sequencer {
  readonly #propose: (command: RegistryCommand) => Promise<Outcome>;
  /** Passed here, and not looked at yet; undefined while another leads. */
  #queue: Kept[] | undefined;
  #version = -1;
  #isBusy = false;

  constructor(propose: (command: RegistryCommand) => Promise<Outcome>) {
    this.#propose = propose;
  }

  /** Proposes places for what has passed, while this node leads. */
  work(
    registry: TopicRegistry,
    isLeading: boolean,
    journal: Journal,
    passed: readonly Kept[],
  ): void {
    if (!isLeading) {
      this.#queue = undefined;
      return;
    }
    // Whoever begins to lead, or hears of a new subscription, looks at everything once.
    if (this.#queue === undefined || this.#version !== registry.tableVersion) {
      this.#queue = journal.history(true);
      this.#version = registry.tableVersion;
    } else this.#queue.push(...passed);
    if (this.#isBusy) return;
    const places = this.#take(registry);
    if (places.length === 0) return;
    this.#isBusy = true;
    void this.#propose({ do: 'order', places }).then(({ kind }) => {
      this.#isBusy = false;
      // Nobody knows: the next look at everything finds what has no place.
      if (kind !== 'result') this.#queue = undefined;
    });
  }

  #take(registry: TopicRegistry): Place[] {
    const places: Place[] = [];
    const queue = this.#queue!;
    while (places.length < PROPOSED_MAX) {
      const next = queue.shift();
      if (next === undefined) break;
      const isWanted = next.batch.messages.some(({ topic }) => registry.isTotal(topic));
      if (isWanted && !registry.isOrdered(next.stream, next.first)) {
        places.push([next.stream, next.first]);
      }
    }
    return places;
  }
}

/** Where a node is in the common order. */
export class Reader {
  readonly #rules: PubsubRules;
  readonly #gapMs: number;
  #stuckSinceMs: number | undefined;
  /** Places that it is through with. */
  place = 0;
  /** Places that it could not get any more. */
  skipped = 0;

  constructor(rules: PubsubRules, gapMs: number) {
    this.#rules = rules;
    this.#gapMs = gapMs;
  }

  /** The batches that are due: each when it and everything before it has come. */
  due(registry: TopicRegistry, journal: Journal, nowMs: number): Kept[] {
    const result: Kept[] = [];
    if (this.place < registry.begin) {
      this.skipped += registry.begin - this.place;
      this.place = registry.begin;
    }
    while (this.place < registry.end) {
      const [stream, first] = registry.at(this.place)!;
      const kept = journal.find(stream, first);
      const isGone = (journal.streams.get(stream)?.floor ?? 0) >= first;
      const isLate = nowMs - (this.#stuckSinceMs ?? nowMs) >= this.#gapMs;
      if (kept !== undefined) result.push(kept);
      else if (isGone || isLate) this.skipped++;
      else if (this.#rules.waitsForPlace()) {
        this.#stuckSinceMs ??= nowMs;
        break;
      }
      this.#stuckSinceMs = undefined;
      this.place++;
    }
    return result;
  }

  /** What is kept of the places that it is through with, in their order. */
  history(registry: TopicRegistry, journal: Journal): Kept[] {
    const result: Kept[] = [];
    for (let place = registry.begin; place < Math.min(this.place, registry.end); place++) {
      const [stream, first] = registry.at(place)!;
      const kept = journal.find(stream, first);
      if (kept !== undefined) result.push(kept);
    }
    return result;
  }
}
