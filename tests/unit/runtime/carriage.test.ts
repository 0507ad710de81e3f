/** Signals carried by nodes: they arrive once, answers find their way back, and floods end. */

import { describe, expect, test } from 'vitest';
import { CARRIED_PER_SECOND_MAX } from '../../../src/net/limits.ts';
import { Carriage } from '../../../src/runtime/live/carriage.ts';
import type { CarriedEnvelope } from '../../../src/runtime/envelope.ts';
import { Random } from '../../../src/core/random.ts';
import { fc } from '../../support/property.ts';

/** Nodes with links among them; what is sent is delivered in order. */
class Network {
  readonly arrived: { at: string; from: string; text: string }[] = [];
  readonly links = new Map<string, Set<string>>();
  readonly carriages = new Map<string, Carriage>();
  sends = 0;
  nowMs = 0;
  readonly #queue: { to: string; from: string; envelope: CarriedEnvelope }[] = [];

  constructor(links: readonly (readonly [string, string])[]) {
    for (const [a, b] of links) {
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const known = this.links.get(one) ?? new Set();
        this.links.set(one, known.add(other));
      }
    }
    for (const id of this.links.keys()) {
      const carriage = new Carriage({
        id,
        linked: () => this.links.get(id)!,
        isLinked: (node) => this.links.get(id)!.has(node),
        nowMs: () => this.nowMs,
        send: (to, envelope) => {
          this.sends++;
          this.#queue.push({ to, from: id, envelope });
        },
        arrived: (from, text) => void this.arrived.push({ at: id, from, text }),
      });
      this.carriages.set(id, carriage);
    }
  }

  carry(from: string, to: string, text: string): void {
    this.carriages.get(from)!.carry(to, text);
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      this.carriages.get(next.to)!.take(next.from, next.envelope);
    }
  }
}

/** A ring of so many, each linked to the next and to the third after it. */
function ring(count: number): [string, string][] {
  return Array.from({ length: count }, (_, i): [string, string][] => [
    [`n${i}`, `n${(i + 1) % count}`],
    [`n${i}`, `n${(i + 3) % count}`],
  ]).flat();
}

test('to a neighbour it goes there alone', () => {
  const network = new Network(ring(8));
  network.carry('n0', 'n3', 'hello');
  expect(network.arrived).toEqual([{ at: 'n3', from: 'n0', text: 'hello' }]);
  expect(network.sends).toBe(1);
});

test('to a stranger it goes everywhere once, and the answer straight back', () => {
  const network = new Network(ring(16));
  network.carry('n0', 'n8', 'offer');
  expect(network.arrived).toEqual([{ at: 'n8', from: 'n0', text: 'offer' }]);
  const flooded = network.sends;
  expect(flooded).toBeLessThanOrEqual(16 * 4);
  network.carry('n8', 'n0', 'answer');
  expect(network.arrived.at(-1)).toEqual({ at: 'n0', from: 'n8', text: 'answer' });
  // No farther than the offer came.
  expect(network.sends - flooded).toBeLessThanOrEqual(4);
  const answered = network.sends;
  network.carry('n0', 'n8', 'candidate');
  expect(network.sends - answered).toBeLessThanOrEqual(4);
  expect(network.arrived).toHaveLength(3);
});

test('in any connected network within reach it arrives exactly once, whoever is asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 25 }), fc.integer(), (count, seed) => {
      const random = Random.stream(seed, 'links');
      const links = Array.from({ length: count - 1 }, (_, i): [string, string][] => [
        [`n${i + 1}`, `n${random.below(Math.min(i + 1, 3))}`],
        [`n${i + 1}`, `n${random.below(i + 1)}`],
      ]).flat();
      const network = new Network(links.filter(([a, b]) => a !== b));
      const [from, to] = random.shuffled([...network.links.keys()]);
      for (let i = 0; i < 5; i++) network.carry(from!, to!, `${i}`);
      expect(network.arrived.map(({ at, text }) => [at, text])).toEqual(
        Array.from({ length: 5 }, (_, i) => [to, `${i}`]),
      );
    }),
    { numRuns: 60 },
  );
});

describe('a neighbour that floods', () => {
  test('is heard so often in a second and no more', () => {
    const network = new Network([
      ['a', 'b'],
      ['b', 'c'],
    ]);
    const flood = () => {
      for (let i = 0; i < 2 * CARRIED_PER_SECOND_MAX; i++) network.carry('a', 'c', 'x');
    };
    flood();
    expect(network.arrived).toHaveLength(CARRIED_PER_SECOND_MAX);
    network.nowMs = 1000;
    flood();
    expect(network.arrived).toHaveLength(2 * CARRIED_PER_SECOND_MAX);
  });

  test('is not passed on again when it says the same again, and nothing of one’s own comes back', () => {
    const network = new Network([
      ['a', 'b'],
      ['b', 'c'],
    ]);
    const envelope = {
      kind: 'carried',
      from: 'a',
      number: 7,
      to: 'c',
      hops: 8,
      text: 'x',
    } as const;
    for (let i = 0; i < 3; i++) network.carriages.get('b')!.take('a', envelope);
    expect(network.sends).toBe(1);
    network.carriages.get('a')!.take('b', envelope);
    expect(network.sends).toBe(1);
  });

  test('cannot send it farther than it may go', () => {
    const chain = Array.from({ length: 12 }, (_, i): [string, string] => [`n${i}`, `n${i + 1}`]);
    const network = new Network(chain);
    network.carry('n0', 'n8', 'near');
    network.carry('n0', 'n9', 'far');
    expect(network.arrived.map(({ text }) => text)).toEqual(['near']);
  });
});
