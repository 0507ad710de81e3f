/** What commands are applied to: deterministic, in memory, and part of the node’s state. */

import { StatePart } from '../../core/machine-state.ts';
import type { Value } from '../../core/value.ts';

/** Where in the log a command stands. */
export interface Place {
  readonly index: number;
  readonly term: number;
}

/** A replicated state machine (section 2.1). Equal commands in equal order must give equal states and results. */
export abstract class StateMachine extends StatePart {
  /** Applies a command and returns its result. What it throws is the node’s, not the cluster’s: see `apply.ts`. */
  abstract apply(command: Value, at: Place): Value;
  /** Answers without changing anything. What it throws is the answer. */
  abstract query(query: Value): Value;
  /** Everything, as a value. */
  abstract snapshot(): Value;
  /** Becomes what a snapshot says. */
  abstract restore(snapshot: Value): void;
  abstract override fork(): StateMachine;
}
