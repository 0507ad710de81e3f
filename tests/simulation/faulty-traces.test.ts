/** Traces of simulated runs under every sort of fault: each can have happened, and every delivery has its sending. */

import * as v from 'valibot';
import { expect, test } from 'vitest';
import { CausalClocks } from '../../src/check/trace/causal-clocks.ts';
import { TraceJudge } from '../../src/check/trace/trace-judge.ts';
import { defineAlgorithm } from '../../src/core/algorithm.ts';
import type { Faults } from '../../src/core/faults/faults.ts';
import { cast, request } from '../../src/core/message.ts';
import { planOf, simulatePlan } from '../support/simulate.ts';

const messages = {
  tell: cast({ round: v.number() }),
  ask: request({ round: v.number() }, v.number()),
};

/** Talks without end. */
class Talks extends defineAlgorithm('talks', { messages, service: true }) {
  round = 0;
  override onStart() {
    this.every(5, () => {
      const round = ++this.round;
      void this.toAll.tell({ round });
      // Whoever is down does not answer.
      for (const peer of this.peers.values()) peer.ask({ round }).catch(() => {});
    });
  }
  handlers = this.on({ tell: () => {}, ask: (_src, { round }) => round });
}

const lies = { equivocate: 0.5, forge: 0.3, replay: 0.3, corrupt: 0.3, delay: 0.3, withhold: 0.2 };

const faults: Readonly<Record<string, Faults>> = {
  'no fault': {},
  loss: { loss: 0.1 },
  duplication: { duplication: 0.2 },
  reordering: { reordering: 0.2 },
  'bad weather of all sorts': { loss: 0.1, duplication: 0.1, reordering: 0.1 },
  'a crash with disk': { crashes: [{ node: 'n2', at: 50, for: 40 }] },
  'a node that lies': { byzantine: { n1: lies } },
};

test.each(Object.keys(faults))('%s', async (name) => {
  for (const seed of [1, 2]) {
    const plan = { ...planOf(Talks, { nodes: 4, seed }), faults: faults[name]! };
    const { trace } = await simulatePlan(plan, { serviceMs: 200, timeoutMs: 500 });
    const judge = new TraceJudge();
    const clocks = new CausalClocks();
    for (const [at, event] of trace.entries()) {
      judge.take(event, at + 1);
      clocks.take(event);
    }
    expect(trace.length).toBeGreaterThan(1000);
    expect(judge.findings()).toEqual([]);
    if (name !== 'a node that lies') expect(clocks.unmatched).toBe(0);
  }
});
