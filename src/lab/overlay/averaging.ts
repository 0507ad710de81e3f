/**
 * Averaging in large networks, cycle by cycle: by how much the variance of all values falls in a cycle, and whether their mean stays. The
 * rules are those of the chapters; here stands who meets whom.
 */

import { meanOf } from '../../algorithms/gossip_average/push-pull.ts';
import { Random } from '../../core/random.ts';
import { shuffle } from './engine.ts';
import { overlaySpec } from './overlay-spec.ts';
import { createOverlay } from './run-overlay.ts';

/**
 * Who meets whom: `pushpull` everybody somebody, once a cycle; `pairs` any two, as often as there are nodes; `matching` all in pairs,
 * twice; `pushsum` everybody gives half to somebody, all at once; `oneway` everybody tells somebody, who alone takes the mean.
 */
export const AVERAGE_RULES = ['pushpull', 'pairs', 'matching', 'pushsum', 'oneway'] as const;

/** Name of a rule. */
export type AverageRule = (typeof AVERAGE_RULES)[number];

/** What is to be averaged, and how. */
export interface AverageSpec {
  readonly rule: AverageRule;
  readonly nodes: number;
  readonly cycles: number;
  readonly seed: number;
  /** Size of the views that peers are drawn from, in a GBPS network that goes on swapping; undefined: from all nodes. */
  readonly viewSize?: number;
}

/** One cycle. */
export interface AverageRow {
  readonly cycle: number;
  readonly variance: number;
  /** Part of the variance that this cycle left. */
  readonly ratio: number;
  /** How far the mean is from where it began. */
  readonly drift: number;
}

/** The choices make no network. The message says which and why. */
export class AverageError extends Error {
  override readonly name = 'AverageError';
}

/** Nodes above which the arrays of one process would be too large. */
const NODES_MAX = 10_000_000;

/** Runs it; a row for each cycle, as it ends. Values begin uniform from 0 to 1. */
export function* average(spec: AverageSpec): Generator<AverageRow> {
  const { rule, nodes, cycles, seed, viewSize } = spec;
  check(spec);
  const random = Random.stream(seed, `average/${rule}`);
  const values = Float64Array.from({ length: nodes }, () => random.next());
  const overlay =
    viewSize === undefined ? undefined : createOverlay(overlaySpec({ nodes, viewSize, seed }));
  const anyPeer = (node: number): number => {
    if (overlay === undefined) return otherThan(node, nodes, random);
    return overlay.peerAt(node * overlay.capacity + random.below(overlay.degree(node)));
  };
  const step = stepOf(rule, values, random, anyPeer);
  const began = meanAndVariance(values);
  let { variance } = began;
  for (let cycle = 1; cycle <= cycles; cycle++) {
    overlay?.cycle();
    const now = meanAndVariance(step());
    yield {
      cycle,
      variance: now.variance,
      ratio: variance === 0 ? 0 : now.variance / variance,
      drift: Math.abs(now.mean - began.mean),
    };
    variance = now.variance;
  }
}

/** One cycle of a rule; what it returns are the estimates, the values themselves but for push-sum. */
function stepOf(
  rule: AverageRule,
  values: Float64Array,
  random: Random,
  peerOf: (node: number) => number,
): () => Float64Array {
  const count = values.length;
  const order = Int32Array.from({ length: count }, (_, node) => node);
  const meet = (a: number, b: number) => {
    const mean = meanOf(values[a]!, values[b]!);
    values[a] = mean;
    values[b] = mean;
  };
  switch (rule) {
    case 'pushpull':
      return () => {
        shuffle(order, count, random);
        for (const node of order) meet(node, peerOf(node));
        return values;
      };
    case 'pairs':
      return () => {
        for (let i = 0; i < count; i++) {
          const node = random.below(count);
          meet(node, peerOf(node));
        }
        return values;
      };
    case 'matching':
      return () => {
        for (let half = 0; half < 2; half++) {
          shuffle(order, count, random);
          for (let i = 0; i + 1 < count; i += 2) meet(order[i]!, order[i + 1]!);
        }
        return values;
      };
    case 'oneway':
      return () => {
        shuffle(order, count, random);
        for (const node of order) {
          const peer = peerOf(node);
          values[peer] = meanOf(values[peer]!, values[node]!);
        }
        return values;
      };
    case 'pushsum':
      return pushSumStep(values, peerOf);
  }
}

/** All give at once: what came in this cycle is given away in the next. */
function pushSumStep(sums: Float64Array, peerOf: (node: number) => number): () => Float64Array {
  const count = sums.length;
  const weights = new Float64Array(count).fill(1);
  const estimates = new Float64Array(count);
  const [gotSums, gotWeights] = [new Float64Array(count), new Float64Array(count)];
  return () => {
    gotSums.fill(0);
    gotWeights.fill(0);
    for (let node = 0; node < count; node++) {
      const peer = peerOf(node);
      const [sum, weight] = [sums[node]! / 2, weights[node]! / 2];
      sums[node] = sum;
      weights[node] = weight;
      gotSums[peer]! += sum;
      gotWeights[peer]! += weight;
    }
    for (let node = 0; node < count; node++) {
      sums[node]! += gotSums[node]!;
      weights[node]! += gotWeights[node]!;
      estimates[node] = sums[node]! / weights[node]!;
    }
    return estimates;
  };
}

function otherThan(node: number, count: number, random: Random): number {
  const other = random.below(count - 1);
  return other < node ? other : other + 1;
}

function meanAndVariance(values: Float64Array): {
  readonly mean: number;
  readonly variance: number;
} {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let square = 0;
  for (const value of values) square += (value - mean) * (value - mean);
  return { mean, variance: square / values.length };
}

function check({ nodes, cycles, rule, viewSize }: AverageSpec): void {
  if (!Number.isInteger(nodes) || nodes < 2 || nodes > NODES_MAX) {
    throw new AverageError(`--nodes ${nodes}: a whole number from 2 to ${NODES_MAX}`);
  }
  if (!Number.isInteger(cycles) || cycles < 1)
    throw new AverageError(`--cycles ${cycles}: 1 at least`);
  if (rule === 'matching' && viewSize !== undefined) {
    throw new AverageError(
      '--view-size means nothing to matching: it pairs all nodes, whomever they know',
    );
  }
}
