/**
 * Linearizable registers the simplest way: the first node keeps them all, the others pass on what they are asked. Every operation happens at
 * one place, one after the other. While that node cannot be reached nothing can be said: linearizable, and not available.
 */

import * as v from 'valibot';
import { anyValue, defineAlgorithm, Refusal, request, type Value } from '../../src/index.ts';
import { passedOn } from './passed-on.ts';

const register = anyValue();

/** The requests of the lin-kv workload; nodes ask each other the same. */
export class LinKv extends defineAlgorithm('lin_kv', {
  messages: {
    read: request({ key: v.number() }, v.object({ value: register })),
    write: request({ key: v.number(), value: register }, v.object({})),
    cas: request({ key: v.number(), from: register, to: register }, v.object({})),
  },
  settings: {
    /** Milliseconds that a node waits for the one that keeps the registers. */
    timeout_ms: v.optional(v.number(), 500),
  },
  service: true,
}) {
  readonly registers = new Map<number, Value>();

  handlers = this.on({
    read: (_src, question) => {
      if (!this.isKeeper) return passedOn(this.keeper.read(question, this.patience));
      return { value: this.held(question.key) };
    },
    write: (_src, order) => {
      if (!this.isKeeper) return passedOn(this.keeper.write(order, this.patience));
      this.registers.set(order.key, order.value);
      return {};
    },
    cas: (_src, order) => {
      if (!this.isKeeper) return passedOn(this.keeper.cas(order, this.patience));
      const held = JSON.stringify(this.held(order.key));
      if (held !== JSON.stringify(order.from))
        throw new Refusal(`precondition-failed: it is ${held}`);
      this.registers.set(order.key, order.to);
      return {};
    },
  });

  /** @throws {Refusal} when nobody has written there */
  held(key: number): Value {
    const value = this.registers.get(key);
    if (value === undefined) throw new Refusal(`key-does-not-exist: ${key}`);
    return value;
  }

  get isKeeper(): boolean {
    return this.keeperId === this.id;
  }

  get keeper() {
    return this.peer(this.keeperId);
  }

  get keeperId(): string {
    return this.nodes.values().next().value!;
  }

  get patience() {
    return { timeoutMs: this.settings.timeout_ms };
  }
}
