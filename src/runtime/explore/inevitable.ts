/**
 * "When did it become inevitable?": from points of a failing run, many continuations that share everything up to there and draw
 * everything behind it anew. The share of them that fail is the probability of failure, as it stood at that moment.
 */

import type { Choice } from '../../core/choices/choices.ts';
import { Random } from '../../core/random.ts';
import type { MessageId, TraceEvent } from '../../core/trace.ts';
import { perform, type Attempt } from './attempt.ts';

/** A moment of the run. */
export interface Moment {
  readonly virtual_ms: number;
  /** Continuations that were run. */
  readonly runs: number;
  /** Of these, how many broke the same property. */
  readonly failed: number;
  /** Their share. */
  readonly probability: number;
}

/** What is asked. */
export interface InevitableOptions {
  /** Continuations from each moment. */
  readonly runs: number;
  /** Moments to look from. */
  readonly moments: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Looks from moments of a failing run, the beginning and the violation among them. */
export async function inevitability(
  attempt: Attempt,
  property: string,
  trace: readonly TraceEvent[],
  options: InevitableOptions,
): Promise<readonly Moment[]> {
  const times = momentsOf(trace, options.moments);
  const sentAt = new Map<MessageId, number>();
  for (const event of trace) {
    if (event.kind === 'send' && !sentAt.has(event.message)) sentAt.set(event.message, event.time);
  }
  const random = Random.stream(attempt.plan.seed, 'continuations');
  const moments: Moment[] = [];
  for (const atMs of times) {
    const past = pastOf(attempt, atMs, sentAt);
    let failed = 0;
    let runs = 0;
    while (runs < options.runs && options.signal?.aborted !== true) {
      const { failure } = await perform(past, { reseed: { atMs, seed: random.bits() } });
      if (failure?.property === property) failed++;
      runs++;
      options.onProgress?.(moments.length * options.runs + runs, times.length * options.runs);
    }
    if (runs < options.runs) break;
    moments.push({ virtual_ms: atMs, runs, failed, probability: failed / runs });
  }
  return moments;
}

/** Moments at which something happened, evenly over the events: time alone would pass over crowded stretches. */
function momentsOf(trace: readonly TraceEvent[], count: number): number[] {
  const times = [...new Set(trace.map(({ time }) => time))].toSorted((a, b) => a - b);
  const last = times.length - 1;
  if (last < 0) return [];
  const picked = Array.from({ length: count }, (_, index) => {
    return times[Math.round((last * index) / Math.max(1, count - 1))]!;
  });
  return [...new Set([0, ...picked])];
}

/** The run with those of its choices alone that had been made by then. */
function pastOf(attempt: Attempt, atMs: number, sentAt: ReadonlyMap<MessageId, number>): Attempt {
  const isPast = (choice: Choice): boolean => {
    if ('message' in choice) return (sentAt.get(choice.message) ?? Infinity) < atMs;
    if ('spare' in choice) return (sentAt.get(choice.spare) ?? Infinity) < atMs;
    return choice.at <= atMs;
  };
  return { ...attempt, choices: attempt.choices.filter(isPast) };
}
