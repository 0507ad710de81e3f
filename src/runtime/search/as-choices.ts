/** A way through a search as choices of a run: the simulator goes the same way, and a link can carry it. */

import { textOf } from '../../check/text.ts';
import type { Choice as RunChoice } from '../../core/choices/choices.ts';
import type { NodeId } from '../../core/id.ts';
import type { Choice } from './choice.ts';
import type { Content } from './in-flight.ts';
import type { Outcome } from './node-situation.ts';
import { follow } from './story.ts';
import type { World } from './world.ts';

/** Virtual milliseconds at which all nodes start: by then every one of them is ready. */
const START_MS = 1000;

/** Between two steps: enough for a node that has come back to be ready again. */
const STEP_MS = 100;

/** A node is back so long before its algorithm starts. */
const BACK_MS = STEP_MS / 2;

/** After everything: when timers fire that did not fire on the way. */
const LATE_MS = 60_000;

/**
 * The choices that make a run of the simulator go the way of `ordinals`; undefined where choices cannot say it (a request that is given
 * up, a write that takes its time).
 */
export function choicesOf(
  world: World,
  ordinals: readonly number[],
): readonly RunChoice[] | undefined {
  const clerk = new Clerk(world, START_MS + STEP_MS * ordinals.length + LATE_MS);
  const { situation, outcomes } = world.begin();
  outcomes.forEach((outcome, place) => clerk.note(place, outcome));
  let at = situation;
  let timeMs = START_MS;
  for (const ordinal of ordinals) {
    timeMs += STEP_MS;
    const { choice, next, outcome } = follow(world, at, ordinal);
    if (!clerk.take(choice, timeMs)) return undefined;
    if (outcome !== undefined) clerk.note(choice.node, outcome);
    at = next;
  }
  return clerk.choices();
}

/** One message on its way, and when it arrives. */
interface Copy {
  readonly message: string;
  readonly to: NodeId;
  readonly arrives: number[];
}

/** A timer, and when it fires. */
interface TimerEntry {
  readonly node: NodeId;
  readonly timer: number;
  at: number;
}

/** Counts messages and timers as the simulator does. */
class Clerk {
  readonly #world: World;
  readonly #lateMs: number;
  readonly #messages: number[];
  readonly #lives: number[];
  readonly #copies: Copy[] = [];
  /** Copies of the same message, the oldest first. */
  readonly #alike = new Map<string, Copy[]>();
  readonly #timers: TimerEntry[] = [];
  readonly #timerCounts: number[];
  /** The timer that was set last, by node and name. */
  readonly #set = new Map<string, TimerEntry>();
  readonly #outages: { node: NodeId; at: number; back: number | undefined; life: number }[] = [];

  constructor(world: World, lateMs: number) {
    this.#world = world;
    this.#lateMs = lateMs;
    this.#messages = world.nodes.map(() => 0);
    this.#timerCounts = world.nodes.map(() => 0);
    this.#lives = world.nodes.map(() => 0);
  }

  /** What a node did in a step. */
  note(place: number, { sent, sentAs, timersSet }: Outcome): void {
    const node = this.#idOf(place);
    sent.forEach((content, at) => {
      const message = `${node}#${this.#messages[place]! + sentAs[at]!}`;
      const copy = { message, to: this.#idOf(content.to), arrives: [] };
      this.#copies.push(copy);
      const alike = this.#alike.get(keyOf(content)) ?? [];
      this.#alike.set(keyOf(content), [...alike, copy]);
    });
    this.#messages[place]! += sentAs.at(-1) ?? 0;
    for (const name of timersSet) {
      const timer = ++this.#timerCounts[place]!;
      const entry = { node, timer, at: this.#lateMs };
      this.#timers.push(entry);
      this.#set.set(`${place} ${name}`, entry);
    }
  }

  /** What happens at this time. False when no choice can say it. */
  take(choice: Choice, timeMs: number): boolean {
    switch (choice.kind) {
      case 'deliver': {
        const alike = this.#alike.get(keyOf(choice.message))!;
        (alike.find(({ arrives }) => arrives.length === 0) ?? alike.at(-1)!).arrives.push(timeMs);
        return true;
      }
      case 'lose':
        this.#forgetOne(choice.message);
        return true;
      case 'timer':
        this.#set.get(`${choice.node} ${choice.name}`)!.at = timeMs;
        return true;
      case 'crash': {
        const node = this.#idOf(choice.node);
        const life = ++this.#lives[choice.node]!;
        this.#outages.push({ node, at: timeMs, back: undefined, life });
        return choice.writes === 0;
      }
      case 'restart': {
        const node = this.#idOf(choice.node);
        this.#outages.findLast((outage) => outage.node === node)!.back = timeMs;
        return true;
      }
      case 'written':
      case 'give up':
        return false;
    }
  }

  choices(): readonly RunChoice[] {
    const starts = this.#world.nodes.map(({ id }): RunChoice => ({ start: id, at: START_MS }));
    const again = this.#outages.flatMap(({ node, back, life }): RunChoice[] =>
      back === undefined ? [] : [{ start: node, life, at: back }],
    );
    const crashes = this.#outages.map(({ node, at, back }): RunChoice => {
      return { crash: node, at, ...(back === undefined ? {} : { for: back - BACK_MS - at }) };
    });
    const messages = this.#copies.map(({ message, to, arrives }): RunChoice => {
      return arrives.length === 0
        ? { message, to, arrives }
        : { message, to, arrives, stray: true };
    });
    const timers = this.#timers.map(({ timer, node, at }): RunChoice => ({ timer, node, at }));
    return [...starts, ...crashes, ...again, ...messages, ...timers];
  }

  /** One of several that are alike will not arrive. */
  #forgetOne(content: Content): void {
    const alike = this.#alike.get(keyOf(content))!;
    const lost = alike.findIndex(({ arrives }) => arrives.length === 0);
    this.#alike.set(keyOf(content), alike.toSpliced(lost < 0 ? 0 : lost, 1));
  }

  #idOf(place: number): NodeId {
    return this.#world.nodes[place]!.id;
  }
}

function keyOf({ from, to, kind, type, body, ticket }: Content): string {
  return `${from} ${to} ${kind} ${ticket} ${type} ${textOf(body)}`;
}
