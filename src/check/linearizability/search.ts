/**
 * The search for an order of one part's operations that the model allows: Wing and Gong (“Testing and verifying concurrent objects”,
 * JPDC 17, 1993) with Lowe's memoisation and just-in-time order (Concurrency and Computation 29(4), 2017).
 *
 * A configuration is a set of operations that have taken effect, and the state that they led to. The `deadline` is the first required
 * operation that has not: all that return before it have, so a configuration is its number, a bit for each later operation
 * that runs at its return, the state, and a bit for each used operation without an answer. A step lets one operation take effect
 * that was called before the deadline's return. Four things keep the search small, and none of them can miss an order:
 *
 * - an operation that only reads takes effect as soon as it can: whatever can follow, can still follow;
 * - of operations that do the same, the one that returns first goes first: in any order two of them can change places;
 * - an operation without an answer that would leave the state as it is is not used;
 * - configurations met before, or that only used up more, are left (see visited.ts).
 *
 * The furthest deadline that any configuration came to is therefore exact: the history up to that operation's return, without it, has an
 * order; with it, it has none.
 */

import { Furthest } from './furthest.ts';
import type { Part } from './part.ts';
import { Pending } from './pending.ts';
import { EXCLUDED, type StateSpace } from './state-space.ts';
import { Visited } from './visited.ts';

/** Places of a frame's cursor: the deadline itself comes first, then the list from its head. */
const AT_DEADLINE = -2;
const AT_HEAD = -1;

/** No further candidate. */
const NONE = -1;

/** What asking the model costs, in looks at a table: clocks are read by steps, and a model may be slow. */
const QUESTION_STEPS = 64;

/** Operations yet to be called at which foresight looks for a read: it is seldom further away. */
const LOOK_AHEAD = 16;

export class Search {
  readonly #part: Part;
  readonly #space: StateSpace;
  readonly #visited: Visited;
  /** Required operations that have not taken effect. */
  readonly #pending: Pending;
  /** How many of each group were used. */
  readonly #used: Int32Array;
  /** 1 for each required operation that has taken effect. */
  readonly #isDone: Uint8Array;
  /** The configuration in words: deadline, state, slots, used. */
  readonly #words: Int32Array;
  readonly #usedAt: number;
  #deadline = 0;
  #state = 0;
  /** What took effect, in order: a required operation, or an optional one behind all of those. */
  readonly #trail: number[] = [];
  readonly #frames: Frames = { trail: [], state: [], deadline: [], cursor: [] };
  /** Of each kind the first required operation to return that can take effect now, valid for stamp `#stamp`. */
  readonly #firstOfKind: Int32Array;
  readonly #stamps: Int32Array;
  #stamp = 0;
  #areKindsMarked = false;
  #steps = 0;
  readonly #furthest = new Furthest();

  constructor(part: Part, space: StateSpace) {
    this.#part = part;
    this.#space = space;
    const count = part.required.length;
    const slotWords = Math.ceil(part.slotCount / 32);
    this.#usedAt = 2 + slotWords;
    this.#words = new Int32Array(this.#usedAt + Math.ceil(part.optional.length / 32));
    this.#visited = new Visited(this.#usedAt, this.#words.length - this.#usedAt);
    this.#pending = new Pending(part.byCall);
    this.#used = new Int32Array(part.groups.length);
    this.#isDone = new Uint8Array(count + 1);
    this.#firstOfKind = new Int32Array(part.actions.length);
    this.#stamps = new Int32Array(part.actions.length);
    this.#enter();
  }

  /** Work done so far: looks at the table of steps. */
  get steps(): number {
    return this.#steps + this.#space.questions * QUESTION_STEPS;
  }

  /** 32-bit words of memory that it occupies. */
  get size(): number {
    return this.#visited.size;
  }

  /** The first required operation that no configuration has got past. */
  get furthestDeadline(): number {
    return this.#furthest.deadline;
  }

  /** The longest order found that came to that deadline: required operations, and optional ones behind all of those. */
  get furthestOrder(): readonly number[] {
    return this.#furthest.order;
  }

  /** States that configurations had there. */
  get furthestStates(): readonly number[] {
    return this.#furthest.states;
  }

  /** Searches for about so many steps; undefined when that was not enough. */
  run(stepsMax: number): 'ok' | 'illegal' | undefined {
    const stop = this.steps + stepsMax;
    do {
      if (this.#deadline === this.#part.required.length) return 'ok';
      const candidate = this.#nextCandidate();
      if (candidate !== NONE) this.#try(candidate);
      else if (!this.#leave()) return 'illegal';
    } while (this.steps < stop);
    return undefined;
  }

  /** The next operation to try in the configuration on top; the cursor moves on. */
  #nextCandidate(): number {
    const { required, returns, calls, groups } = this.#part;
    const { cursor: cursors } = this.#frames;
    const top = cursors.length - 1;
    let cursor = cursors[top]!;
    if (cursor === AT_DEADLINE) {
      cursors[top] = AT_HEAD;
      return this.#deadline;
    }
    if (!this.#areKindsMarked) this.#markKinds();
    const end = required.length;
    const horizon = returns[this.#deadline]!;
    while (cursor < end) {
      const operation = this.#pending.next[cursor === AT_HEAD ? end : cursor]!;
      if (operation === end || calls[operation]! > horizon) {
        cursor = end;
        break;
      }
      cursor = operation;
      const kind = this.#part.requiredKinds[operation]!;
      if (operation === this.#deadline || this.#firstOfKind[kind]! < operation) continue;
      cursors[top] = cursor;
      return operation;
    }
    for (let group = cursor - end; group < groups.length; group++) {
      if (!this.#canUse(group, horizon)) continue;
      cursors[top] = end + group + 1;
      return end + groups[group]!.first + this.#used[group]!;
    }
    cursors[top] = end + groups.length;
    return NONE;
  }

  /** True when the group has another operation, called by now, and no required one does the same. */
  #canUse(group: number, horizon: number): boolean {
    const { kind, calls } = this.#part.groups[group]!;
    const call = calls[this.#used[group]!];
    return call !== undefined && call < horizon && this.#stamps[kind] !== this.#stamp;
  }

  /** Lets the candidate take effect and makes the result the configuration on top, if that is allowed and worth it. */
  #try(candidate: number): void {
    this.#steps++;
    const isRequired = candidate < this.#part.required.length;
    if (isRequired && this.#isBlocked(candidate)) return;
    const state = this.#space.next(this.#state, this.#kindOf(candidate));
    if (state < 0 || (state === this.#state && !isRequired)) return;
    const mark = this.#trail.length;
    const { deadline, state: before } = { deadline: this.#deadline, state: this.#state };
    this.#state = state;
    this.#perform(candidate);
    if (this.#enter(mark, before, deadline)) return;
    this.#undo(mark, before, deadline);
  }

  /** True when the model's foresight wants another operation to come first. */
  #isBlocked(operation: number): boolean {
    return (
      this.#part.foreseen.before[operation]?.some((first) => this.#isDone[first] === 0) === true
    );
  }

  /** Makes the present configuration a frame, unless one like it was met before. */
  #enter(mark = 0, state = 0, deadline = 0): boolean {
    const { trail, state: states, deadline: deadlines, cursor } = this.#frames;
    this.#performReads();
    this.#words[0] = this.#deadline;
    this.#words[1] = this.#state;
    if (!this.#visited.add(this.#words)) return false;
    this.#furthest.note(this.#deadline, this.#trail, this.#state);
    if (trail.length > 0 && this.#isExcluded()) return false;
    trail.push(mark);
    states.push(state);
    deadlines.push(deadline);
    cursor.push(AT_DEADLINE);
    return true;
  }

  /** Takes the configuration on top back; false when it was the first. */
  #leave(): boolean {
    const { trail, state, deadline, cursor } = this.#frames;
    if (trail.length === 1) return false;
    cursor.pop();
    this.#undo(trail.pop()!, state.pop()!, deadline.pop()!);
    return true;
  }

  /** Lets every operation take effect that only reads and can; marks the kinds of the others. */
  #performReads(): void {
    const { required, calls, returns, requiredKinds, reads } = this.#part;
    const end = required.length;
    this.#stamp++;
    for (let at = this.#pending.next[end]!; at !== end; at = this.#pending.next[at]!) {
      if (calls[at]! > returns[this.#deadline]!) break;
      this.#steps++;
      const kind = requiredKinds[at]!;
      const isHere = reads[kind] === 1 && this.#space.next(this.#state, kind) === this.#state;
      if (isHere) this.#perform(at);
      else this.#mark(kind, at);
    }
    this.#areKindsMarked = true;
  }

  /**
   * True when a required read can no more take effect, by the model's foresight: one that was called, or the next to be. An action
   * that forgets, called before the read returns, could come between.
   */
  #isExcluded(): boolean {
    const { required, calls, returns, requiredKinds, reads, groups } = this.#part;
    const { forgets, forgottenFrom } = this.#part.foreseen;
    if (forgets === undefined) return false;
    const end = required.length;
    const horizon = returns[this.#deadline]!;
    let excludedUntil = Infinity;
    let at = this.#pending.next[end]!;
    for (let ahead = 0; at !== end && ahead < LOOK_AHEAD; at = this.#pending.next[at]!) {
      const kind = requiredKinds[at]!;
      if (forgets[kind] === 1) break;
      const isAhead = calls[at]! > horizon;
      if (isAhead) ahead++;
      if (reads[kind] === 0) continue;
      this.#steps++;
      if (this.#space.next(this.#state, kind) === EXCLUDED) {
        excludedUntil = Math.min(excludedUntil, returns[at]!);
      }
      // Of those that are yet to be called, the first is enough: it allows least.
      if (isAhead) break;
    }
    let from = at === end ? Infinity : forgottenFrom[at]!;
    groups.forEach(({ kind, calls: optional }, group) => {
      if (forgets[kind] === 0) return;
      from = Math.min(from, optional[this.#used[group]!] ?? Infinity);
    });
    return excludedUntil < from;
  }

  #markKinds(): void {
    const { required, calls, returns, requiredKinds } = this.#part;
    const horizon = returns[this.#deadline]!;
    this.#stamp++;
    for (
      let at = this.#pending.next[required.length]!;
      at !== required.length;
      at = this.#pending.next[at]!
    ) {
      if (calls[at]! > horizon) break;
      this.#steps++;
      this.#mark(requiredKinds[at]!, at);
    }
    this.#areKindsMarked = true;
  }

  #mark(kind: number, operation: number): void {
    if (this.#stamps[kind] === this.#stamp && this.#firstOfKind[kind]! < operation) return;
    this.#stamps[kind] = this.#stamp;
    this.#firstOfKind[kind] = operation;
  }

  #kindOf(candidate: number): number {
    const { required, requiredKinds, groups } = this.#part;
    if (candidate < required.length) return requiredKinds[candidate]!;
    return groups[this.#groupOf(candidate)]!.kind;
  }

  #groupOf(candidate: number): number {
    const { groups, required } = this.#part;
    const optional = candidate - required.length;
    return groups.findLastIndex(({ first }) => first <= optional);
  }

  #perform(candidate: number): void {
    const { required, slots } = this.#part;
    const count = required.length;
    this.#trail.push(candidate);
    this.#areKindsMarked = false;
    if (candidate >= count) {
      this.#used[this.#groupOf(candidate)]!++;
      this.#toggle(this.#usedAt, candidate - count);
      return;
    }
    this.#isDone[candidate] = 1;
    this.#pending.take(candidate);
    this.#toggle(2, slots[candidate]!);
    while (this.#isDone[this.#deadline] === 1) this.#toggle(2, slots[this.#deadline++]!);
  }

  /** Takes back what stands behind `mark` in the trail. */
  #undo(mark: number, state: number, deadline: number): void {
    const { required, slots } = this.#part;
    const count = required.length;
    this.#state = state;
    this.#areKindsMarked = false;
    while (this.#deadline > deadline) this.#toggle(2, slots[--this.#deadline]!);
    while (this.#trail.length > mark) {
      const candidate = this.#trail.pop()!;
      if (candidate >= count) {
        this.#used[this.#groupOf(candidate)]!--;
        this.#toggle(this.#usedAt, candidate - count);
        continue;
      }
      this.#isDone[candidate] = 0;
      this.#pending.putBack(candidate);
      this.#toggle(2, slots[candidate]!);
    }
    this.#furthest.cut(mark);
  }

  #toggle(start: number, bit: number): void {
    this.#words[start + (bit >>> 5)]! ^= 1 << (bit & 31);
  }
}

/** The way back: of each configuration what it takes to restore the one before, and which candidates were tried. */
interface Frames {
  readonly trail: number[];
  readonly state: number[];
  readonly deadline: number[];
  readonly cursor: number[];
}
