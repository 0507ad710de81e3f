/** In which order a search goes: each strategy is a generator that stops now and then, so that somebody can look at the clock. */

import { Random } from '../../core/random.ts';
import type { Arrival, Expedition } from './expedition.ts';
import { WALK_LENGTH, type Strategy } from './search-options.ts';

/** Situations between two looks at the clock. */
const SITUATIONS_A_BREATH = 256;

/** A list from whose head is taken is shortened when so much of it is empty. */
const EMPTY_HEAD_MAX = 8192;

/** Random walks end when so many of them, one after the other, have met nothing new. */
const BARREN_WALKS_MAX = 2000;

/** Searches until nothing is left, or somebody asks for no more. */
export function searching(
  strategy: Strategy,
  expedition: Expedition,
  random: Random,
): Generator<void> {
  switch (strategy) {
    case 'breadth':
      return breadthFirst(expedition);
    case 'depth':
      return depthFirst(expedition);
    case 'random':
      return randomWalks(expedition, random);
  }
}

/** The oldest first: every situation is reached by as few choices as possible. */
function* breadthFirst(expedition: Expedition): Generator<void> {
  let queue: Arrival[] = [];
  let head = 0;
  const put = (arrival: Arrival | undefined) => {
    if (arrival === undefined) return;
    expedition.noteWaiting(arrival, 1);
    queue.push(arrival);
  };
  put(expedition.begin());
  while (head < queue.length && !expedition.isOver) {
    const next = queue[head++]!;
    expedition.noteWaiting(next, -1);
    expedition.expand(next, false, put);
    if (head >= EMPTY_HEAD_MAX && 2 * head > queue.length) {
      queue = queue.slice(head);
      head = 0;
    }
    if (head % SITUATIONS_A_BREATH === 0) yield;
  }
}

/** The newest first. */
function* depthFirst(expedition: Expedition): Generator<void> {
  const stack: Arrival[] = [];
  const put = (arrival: Arrival | undefined) => {
    if (arrival === undefined) return;
    expedition.noteWaiting(arrival, 1);
    stack.push(arrival);
  };
  put(expedition.begin());
  for (let count = 1; stack.length > 0 && !expedition.isOver; count++) {
    const next = stack.pop()!;
    expedition.noteWaiting(next, -1);
    expedition.expand(next, true, put);
    if (count % SITUATIONS_A_BREATH === 0) yield;
  }
}

/** From the beginning, again and again, each choice as likely as another: comes deep where a complete search cannot. */
function* randomWalks(expedition: Expedition, random: Random): Generator<void> {
  const start = expedition.begin();
  if (start === undefined) return;
  const length = Math.min(expedition.depthMax, WALK_LENGTH);
  let count = 0;
  let barren = 0;
  while (!expedition.isOver && barren < BARREN_WALKS_MAX) {
    const { states } = expedition.figures;
    let at: Arrival | undefined = start;
    while (at !== undefined && at.depth < length && !expedition.isOver) {
      at = expedition.walk(at, (choices) => random.integer(0, choices - 1));
      if (++count % SITUATIONS_A_BREATH === 0) yield;
    }
    barren = expedition.figures.states > states ? 0 : barren + 1;
  }
}
