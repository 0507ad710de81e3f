/**
 * Vectors that are shared until all are alike: nodemanager's example application. In every cycle a node sends its vector to somebody, and
 * who receives one takes the mean of it and its own.
 */

import * as v from 'valibot';
import type { NodeId } from '../../core/id.ts';
import { defineApplication } from '../../core/application.ts';
import { hostOf } from '../application-host.ts';
import { DIMENSIONS_MAX, messages, numbers } from './messages.ts';
import { rules } from './rules.ts';

const settings = {
  /** What the node begins with; random numbers between 0 and 1 unless given. */
  vector: v.optional(v.pipe(numbers, v.minLength(1))),
  /** How many numbers, where no vector is given. */
  dimensions: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(DIMENSIONS_MAX)),
    3,
  ),
};

/** What the application shows of itself. */
export interface ShareVecState {
  readonly vector: readonly number[];
  /** With which it began. */
  readonly initial: readonly number[];
  readonly received: number;
  readonly sent: number;
}

/** The application. */
export class ShareVec extends defineApplication('share_vec', { messages, settings, rules }) {
  readonly initial: readonly number[] = this.begin();
  vector: readonly number[] = this.initial;
  received = 0;
  sent = 0;

  override periodicRun(view: readonly NodeId[]): void {
    const peer = this.rules.choosePeer(view, this.random);
    if (peer === undefined) return;
    this.sent++;
    this.sendMessage(peer, 'vector', { vector: [...this.vector] });
  }

  handlers = this.on({
    vector: (from, { vector }) => {
      if (vector.length !== this.vector.length) {
        this.log.warn(`${from} has ${vector.length} numbers, and ${this.vector.length} are here`);
        return;
      }
      this.received++;
      this.vector = this.rules.averaged(this.vector, vector);
    },
  });

  override state(): ShareVecState {
    const { vector, initial, received, sent } = this;
    return { vector, initial, received, sent };
  }

  override report(): ShareVecState {
    return this.state();
  }

  begin(): readonly number[] {
    const { vector, dimensions } = this.settings;
    return vector ?? Array.from({ length: dimensions }, () => this.random.next());
  }
}

/** A node that runs it over a sampler. */
export class ShareVecNode extends hostOf('share_vec', { app: ShareVec }) {}
