/** What is done by hand to the live nodes of this page: deliveries held back, a network that is cut, a node killed. */

import type { NodeId } from '../../core/id.ts';
import type { TraceEvent } from '../../core/trace.ts';
import type { HostedNode } from '../../runtime/live/hosted-node.ts';
import { controlEvents, cutOffFrom, newGrabs, untouched } from '../room/control.ts';
import { GRABS_MAX } from '../room/messages.ts';
import type { LiveHands } from '../run.ts';

/** The nodes as far as hands reach them. */
export type HandledNode = Pick<HostedNode<never>, 'hold' | 'grab' | 'cut' | 'kill' | 'hasEnded'>;

/** What hands need of the run. */
export interface HandledRun {
  /** The nodes that have been made, by id. */
  readonly nodes: () => ReadonlyMap<NodeId, HandledNode>;
  /** Milliseconds since it began. */
  readonly nowMs: () => number;
  /** What was done is a part of the trace. */
  events(events: readonly TraceEvent[]): void;
  changed(): void;
}

/** The hands of a run whose nodes all live in this page. */
export function handsOn(runId: string, run: HandledRun): LiveHands {
  let control = untouched(runId);
  let heldSinceMs: number | undefined;
  const change = (part: Partial<typeof control>): void => {
    const after = { ...control, ...part };
    run.events(controlEvents(control, after, run.nowMs()));
    const grabs = newGrabs(control, after);
    control = after;
    heldSinceMs = control.isHeld ? (heldSinceMs ?? run.nowMs()) : undefined;
    for (const [id, node] of run.nodes()) {
      if (node.hasEnded) continue;
      node.hold(after.isHeld);
      node.cut(cutOffFrom(id, after.cut, after.isOneWay));
    }
    for (const { to, message, deed } of grabs) run.nodes().get(to)?.grab(message, deed);
    run.changed();
  };
  return {
    get heldSinceMs() {
      return heldSinceMs;
    },
    get isHeld() {
      return control.isHeld;
    },
    get cut() {
      return control.cut;
    },
    get isOneWay() {
      return control.isOneWay ?? false;
    },
    hold: (isHeld) => change({ isHeld, grabs: [] }),
    grab({ to, message, path, type }, deed) {
      const { isHeld, grabs = [] } = control;
      if (!isHeld || grabs.length >= GRABS_MAX) return;
      change({ grabs: [...grabs, { to, message, path, type, deed }] });
    },
    cutInto: (groups, isOneWay) => change({ cut: groups.map((group) => [...group]), isOneWay }),
    kill(node) {
      if (control.killed.includes(node)) return;
      change({ killed: [...control.killed, node] });
      run.nodes().get(node)?.kill('it was killed by hand');
    },
  };
}
