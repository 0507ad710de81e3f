/** What can happen next: the choices of the adversary, who decides everything that the algorithm does not. */

import type { Content } from './in-flight.ts';

/** One thing that can happen. `node` is the place, in the plan, of the node that it happens to. */
export type Choice =
  | { readonly kind: 'deliver'; readonly node: number; readonly message: Content }
  /** A message is lost for good. */
  | { readonly kind: 'lose'; readonly node: number; readonly message: Content }
  | { readonly kind: 'timer'; readonly node: number; readonly name: string }
  /** The oldest write of the node has become durable; with a `put`, all up to that. */
  | { readonly kind: 'written'; readonly node: number }
  /** A request of the node has waited long enough. */
  | { readonly kind: 'give up'; readonly node: number; readonly ticket: number }
  /** It goes down. Of the writes under way, so many are on its disk, the oldest first. */
  | {
      readonly kind: 'crash';
      readonly node: number;
      readonly writes: number;
      readonly kept: number;
    }
  /** It comes back, with its disk. */
  | { readonly kind: 'restart'; readonly node: number };
