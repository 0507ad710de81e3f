/** State machines that are written as plain functions over a state that is a value. */

import { toValue, type Value } from '../../core/value.ts';
import { StateMachine, type Place } from '../../algorithms/raft/state-machine.ts';

/**
 * What is replicated: a state, and what commands do to it. `apply` must do the same everywhere: it reads no clock, no random source and
 * nothing else than its arguments. Times and chance come in commands. What it throws is a defect (see `docs/raft.md`): a command that may be
 * refused returns its refusal.
 */
export interface StateMachineDefinition<State, Command, Result, Query, Answer> {
  /** The state before the first command. */
  initial(): State;
  /** Changes the state and returns the command's result. It has to check what it would throw at before it changes anything. */
  apply(state: State, command: Command, at: Place): Result;
  /** Answers from the state, and leaves it alone. */
  query(state: State, query: Query): Answer;
}

/** A definition as the machine that Raft keeps. Snapshots are the state itself, so it has to stay within the value domain. */
export class DefinedMachine<State, Command, Result, Query, Answer> extends StateMachine {
  readonly #definition: StateMachineDefinition<State, Command, Result, Query, Answer>;
  #state: State;

  constructor(definition: StateMachineDefinition<State, Command, Result, Query, Answer>) {
    super();
    this.#definition = definition;
    this.#state = definition.initial();
  }

  override fork(): DefinedMachine<State, Command, Result, Query, Answer> {
    const copy = new DefinedMachine(this.#definition);
    copy.restore(this.snapshot());
    return copy;
  }

  override canonical(): Value {
    return this.snapshot();
  }

  override apply(command: Value, at: Place): Value {
    const result = this.#definition.apply(this.#state, command as unknown as Command, at);
    return toValue(result === undefined ? null : result);
  }

  override query(query: Value): Value {
    const answer = this.#definition.query(this.#state, query as unknown as Query);
    return toValue(answer === undefined ? null : answer);
  }

  override snapshot(): Value {
    return toValue(this.#state);
  }

  override restore(snapshot: Value): void {
    this.#state = toValue(snapshot) as unknown as State;
  }
}
