/**
 * Who votes in the registry: whoever is out of the group is a learner, so that no majority waits for it and it still hears when it is let in; then
 * it votes again. The leader sees to that, one change at a time.
 */

import type { NodeId } from '../../core/id.ts';
import type { Outcome } from '../raft/messages.ts';

/** Raft, as far as this needs it. */
export interface VotersRegistry {
  readonly isLeading: boolean;
  readonly voters: readonly NodeId[];
  /** Who votes unless it is out. */
  readonly firstVoters: readonly NodeId[];
  call(
    type: 'change',
    message: {
      readonly changes: VoterChange[];
      readonly joint: boolean;
      readonly catch_up: boolean;
    },
  ): Promise<Pick<Outcome, 'kind'>>;
}

interface VoterChange {
  readonly make: 'voter' | 'learner';
  readonly node: NodeId;
}

/** Keeps the voters right while this node leads. */
export class Voters {
  #isBusy = false;

  /** @param me an own change of it would leave the registry without the one who makes it: the next leader does that */
  look(me: NodeId, out: ReadonlyMap<NodeId, NodeId>, registry: VotersRegistry): void {
    if (this.#isBusy || !registry.isLeading || out.has(me)) return;
    const change = changeFor(out, registry);
    if (change === undefined) return;
    this.#isBusy = true;
    const done = (): void => {
      this.#isBusy = false;
    };
    // What was not done now is tried with the next look.
    void registry
      .call('change', { changes: [change], joint: false, catch_up: true })
      .then(done, done);
  }
}

function changeFor(
  out: ReadonlyMap<NodeId, NodeId>,
  { voters, firstVoters }: VotersRegistry,
): VoterChange | undefined {
  const gone = voters.find((node) => out.has(node));
  if (gone !== undefined && voters.length > 1) return { make: 'learner', node: gone };
  const back = firstVoters.find((node) => !out.has(node) && !voters.includes(node));
  return back === undefined ? undefined : { make: 'voter', node: back };
}
