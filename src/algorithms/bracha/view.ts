/** How a node of the broadcast looks in the lab. */

import type { NodePicture } from '../../core/chapter.ts';
import type { ValueMap } from '../../core/value.ts';
import type { VisibleInstance, VisibleState } from './invariants.ts';

/** A pure function of the node's state. */
export function view({ f, value, instances, deliveries }: VisibleState): NodePicture {
  const delivered = new Map(deliveries.map((delivery) => [delivery.origin, delivery.value]));
  return {
    role: value === null ? 'receiver' : 'sender',
    badges: Object.entries(instances).map(
      ([origin, instance]) => `${origin} ${stageOf(instance, delivered.has(origin))}`,
    ),
    rows: {
      f,
      value,
      ...Object.fromEntries(
        Object.entries(instances).map(([origin, instance]): [string, ValueMap] => [
          origin,
          { ...instance, delivered: delivered.get(origin) ?? null },
        ]),
      ),
    },
  };
}

/** How far a broadcast has come here. */
function stageOf({ echoed, readied, echoes, readies }: VisibleInstance, done: boolean): string {
  if (done) return 'delivered';
  if (readied !== null) return `ready ${Object.keys(readies).length}`;
  return echoed === null ? 'heard of' : `echo ${Object.keys(echoes).length}`;
}
