/** The layer beside an application that says who is gone: any failure detector, or none. */

import { defineAlgorithm, type ChildRecord } from '../core/algorithm.ts';
import type { NodeId } from '../core/id.ts';
import { detections } from './failure-detector.ts';
import { PhiAccrual } from './phi_accrual/phi-accrual.ts';
import { Swim } from './swim/swim.ts';

/** A layer that sends nothing and has no opinion of anybody. */
export class Unwatched extends defineAlgorithm('unwatched', {
  service: true,
  delivers: detections,
}) {
  handlers = this.on({});
}

/** What a configuration may choose: `detector: { algorithm: swim, period: 0.5 }`. */
export const DETECTION = {
  /** Whoever is gone stays in the view until the sampler forgets it. */
  none: Unwatched,
  swim: Swim,
  phi_accrual: PhiAccrual,
} as const satisfies ChildRecord;

/** For the inspector: whom a node's detector has given up; nothing where it has none. */
export function missedBy({ missed }: { readonly missed?: readonly NodeId[] }): {
  readonly missed?: NodeId[];
} {
  return missed === undefined ? {} : { missed: [...missed] };
}
