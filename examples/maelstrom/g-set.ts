/**
 * A set that only grows, as a state-based CRDT (Shapiro, Preguiça, Baquero and Zawirski, SSS 2011, specification 11): every replica sends its
 * whole state now and then, and merging is the union. Lost, doubled and late states do no harm.
 */

import * as v from 'valibot';
import { cast, defineAlgorithm, request } from '../../src/index.ts';

const elements = v.array(v.number());

/** Replicas that tell one another everything. */
export class GSet extends defineAlgorithm('g_set', {
  messages: {
    add: request({ element: v.number() }, v.object({})),
    read: request({}, v.object({ value: elements })),
    state: cast({ elements }, { via: 'gossip' }),
  },
  settings: {
    /** Milliseconds between two tellings. */
    period_ms: v.optional(v.number(), 500),
  },
  service: true,
}) {
  readonly elements = new Set<number>();

  override onStart() {
    this.every(this.settings.period_ms, () => this.toAll.state({ elements: [...this.elements] }));
  }

  handlers = this.on({
    add: (_src, { element }) => {
      this.elements.add(element);
      return {};
    },
    read: () => ({ value: [...this.elements] }),
    state: (_src, state) => {
      for (const element of state.elements) this.elements.add(element);
    },
  });
}
