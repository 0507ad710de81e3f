/** The token ring that the simulator is measured with, and plans of such benches. */

import * as v from 'valibot';
import { defineAlgorithm, type AlgorithmClass } from '../src/core/algorithm.ts';
import { cast } from '../src/core/message.ts';
import type { RunPlan } from '../src/runtime/plan.ts';

/** A ring on which one token goes so many hops: never more than one event in the queue. */
export function ringOf(hops: number): AlgorithmClass {
  return class Ring extends defineAlgorithm('ring', {
    messages: { token: cast({ count: v.number() }), end: cast({}) },
  }) {
    override onStart() {
      if (this.id === 'n1') void this.next().token({ count: 0 });
    }

    handlers = this.on({
      token: (_src, { count }) => {
        if (count < hops) void this.next().token({ count: count + 1 });
        else this.stop();
      },
      end: () => this.stop(),
    });

    next() {
      return this.peers.values().next().value!;
    }

    stop() {
      this.terminate();
      void this.next().end();
    }
  };
}

/** A plan without faults. */
export function planOf(algorithm: AlgorithmClass, n: number, topology: 'ring' | 'full'): RunPlan {
  const ids = Array.from({ length: n }, (_, i) => `n${i + 1}`);
  const nodes = ids.map((id, i) => ({
    id,
    neighbours: topology === 'ring' ? [ids[(i + 1) % n]!] : ids.filter((other) => other !== id),
    settings: { own: {}, children: {} },
  }));
  return { runId: 'bench', algorithm, nodes, format: 'json', seed: 1 };
}
