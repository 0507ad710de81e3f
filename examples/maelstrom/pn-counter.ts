/**
 * A counter that grows and shrinks, as a state-based CRDT (Shapiro, Preguiça, Baquero and Zawirski, SSS 2011, specification 7): each replica
 * adds up what was added and what was taken away at itself, and knows the latest such sums of the others. It serves g-counter as well.
 */

import * as v from 'valibot';
import { cast, defineAlgorithm, request } from '../../src/index.ts';

/** What one replica has added and taken away; both only grow, so that the greater one is the later one. */
const sums = v.object({ added: v.number(), taken: v.number() });

type Sums = v.InferOutput<typeof sums>;

/** Replicas that tell one another all sums that they know. */
export class PnCounter extends defineAlgorithm('pn_counter', {
  messages: {
    add: request({ delta: v.number() }, v.object({})),
    read: request({}, v.object({ value: v.number() })),
    state: cast({ sums: v.record(v.string(), sums) }, { via: 'gossip' }),
  },
  settings: {
    /** Milliseconds between two tellings. */
    period_ms: v.optional(v.number(), 500),
  },
  service: true,
}) {
  readonly sums = new Map<string, Sums>();

  override onStart() {
    this.every(this.settings.period_ms, () =>
      this.toAll.state({ sums: Object.fromEntries(this.sums) }),
    );
  }

  handlers = this.on({
    add: (_src, { delta }) => {
      const { added, taken } = this.sums.get(this.id) ?? { added: 0, taken: 0 };
      this.sums.set(this.id, {
        added: added + Math.max(0, delta),
        taken: taken + Math.max(0, -delta),
      });
      return {};
    },
    read: () => {
      let value = 0;
      for (const { added, taken } of this.sums.values()) value += added - taken;
      return { value };
    },
    state: (_src, state) => {
      for (const [id, theirs] of Object.entries(state.sums)) {
        const mine = this.sums.get(id) ?? { added: 0, taken: 0 };
        this.sums.set(id, {
          added: Math.max(mine.added, theirs.added),
          taken: Math.max(mine.taken, theirs.taken),
        });
      }
    },
  });
}
