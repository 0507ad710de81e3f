/**
 * The chapter's two-phase commit as the specification TwoPhase has it (tlaplus/Examples, specifications/transaction_commit; after Gray and
 * Lamport, `Consensus on Transaction Commit`), whose state counts are published.
 *
 * The specification's coordinator has an inbox: it notes that a participant is prepared, and commits or aborts in a step of its own, so
 * that it may abort though all are prepared. The chapter decides in the step in which the last vote arrives. Here an inbox is put in
 * front of the chapter's machine; everything else is the chapter. What the specification does not have (a no that is said aloud,
 * acknowledgements, timers that ask again) counts for nothing when situations are compared.
 */

import { twoPhaseCommit } from '../../../../src/algorithms/two_phase_commit/index.ts';
import { driven } from '../../../../src/core/machine-driver.ts';
import { defineMachine, type Effect, type Machine } from '../../../../src/core/machine.ts';
import { Random } from '../../../../src/core/random.ts';
import type { RunPlan } from '../../../../src/runtime/plan.ts';
import type { Abstraction } from '../../../../src/runtime/search/world.ts';

interface State {
  readonly id: string;
  readonly inner: any;
  readonly isCoordinator: boolean;
  /** Coordinator: whose yes lies in the inbox. */
  readonly heard: Set<string>;
}

const machine = defineMachine('two_phase_inbox', {
  messages: twoPhaseCommit.messages,
  settings: twoPhaseCommit.settings,
  init(seat): State {
    const inner = twoPhaseCommit.init(seat as never, Random.stream(1, seat.id));
    return { id: seat.id, inner, isCoordinator: inner.participants !== null, heard: new Set() };
  },
  step(state, input: any, out: any) {
    const { inner, isCoordinator, heard, id } = state;
    const act = (what: any) => {
      const effects = twoPhaseCommit.step(inner, what, { path: 'two_phase_commit', id });
      for (const effect of effects) carryOut(effect, out);
    };
    if (isCoordinator && input.kind === 'message' && input.type === 'vote' && input.message.yes) {
      if (inner.phase === 'working') heard.add(input.from);
      if (inner.phase === 'working' && heard.size === inner.participants.length) {
        out.timer('read inbox', 1);
      }
    } else if (input.name === 'read inbox') {
      for (const from of heard) {
        act({ kind: 'message', type: 'vote', from, message: { yes: true }, ticket: 0, now: 0 });
      }
    } else act(input);
    if (inner.phase !== 'working') out.cancel('read inbox');
  },
  // So that the chapter's invariants can be checked.
  visible: ({ inner }) => twoPhaseCommit.visible(inner),
});

function carryOut(effect: Effect, out: any): void {
  if (effect.kind === 'send') out.send(effect.to, effect.type, effect.message);
  else if (effect.kind === 'toAll') out.toAll(effect.type, effect.message);
  else if (effect.kind === 'timer') out.timer(effect.name, effect.delayMs);
  else if (effect.kind === 'cancel') out.cancel(effect.name);
}

class TwoPhaseInbox extends driven(machine as Machine<any, any, any, any, any, any>) {}

/** A coordinator `tm` and so many participants. */
export function twoPhasePlan(participants: number): RunPlan {
  const ids = ['tm', ...Array.from({ length: participants }, (_, index) => `r${index + 1}`)];
  const nodes = ids.map((id) => {
    const neighbours = ids.filter((other) => other !== id);
    return { id, neighbours, settings: { own: { coordinator: id === 'tm' }, children: {} } };
  });
  return { runId: 'two-phase', algorithm: TwoPhaseInbox, nodes, format: 'json', seed: 1 };
}

/** What the specification's states are made of: rmState, tmState, tmPrepared, and the messages Prepared, Commit and Abort. */
export const twoPhaseAbstraction: Abstraction = {
  node: ({ state }) => {
    const { inner, heard } = state as State;
    return { phase: inner.phase, heard };
  },
  message: ({ type, from, to, body }) => {
    if (type === 'decision') return { to, body };
    return type === 'vote' && (body as { yes: boolean }).yes ? { from } : undefined;
  },
};
