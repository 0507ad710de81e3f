/** The light cone of what is selected: what led to it, what came of it, and the rest, which could have happened in any order with it. */

import type { NodeId } from '../../core/id.ts';
import { causesOf, effectsOf } from '../../lab/picture.ts';
import type { Recording } from '../../lab/playback.ts';
import type { Scene } from '../stage/scene.ts';
import type { Cone } from './draw-lanes.ts';

/** Both halves, as indexes of events. */
export interface LightCone {
  /** The event at its tip. */
  readonly index: number;
  /** Of each node, the last event of the past. */
  readonly past: ReadonlyMap<NodeId, number>;
  /** Of each node, the first event of the future. */
  readonly future: ReadonlyMap<NodeId, number>;
}

/** Remembers the last cone: it is asked for with every picture. */
export class ConeMaker {
  #recording: Recording | undefined;
  #length = 0;
  #cone: LightCone | undefined;

  /** With a selection, and the picture at rest. */
  coneOf(scene: Scene): LightCone | undefined {
    const { recording, moving } = scene.viewer;
    const index = moving ? undefined : tipOf(scene);
    if (index === undefined || index >= recording.length) return undefined;
    const isSame = recording === this.#recording && recording.length === this.#length;
    if (!isSame || this.#cone?.index !== index) {
      this.#recording = recording;
      this.#length = recording.length;
      const [past, future] = [causesOf(recording, index), effectsOf(recording, index)];
      this.#cone = { index, past, future };
    }
    return this.#cone;
  }
}

/** Where an event lies. */
export function placeIn({ past, future }: LightCone, index: number, node: NodeId): Cone {
  if (index <= (past.get(node) ?? -1)) return 'past';
  return index >= (future.get(node) ?? Infinity) ? 'future' : 'concurrent';
}

/** The event that the selection means: itself, the last of a node, the arrival of a message. */
function tipOf(scene: Scene): number | undefined {
  const { selection, recording } = scene.viewer;
  if (selection === undefined) return undefined;
  if (selection.kind === 'event') return selection.index;
  if (selection.kind === 'node') return scene.node(selection.node).lastIndex;
  const flight = recording.flight(selection.message, selection.to);
  return flight?.arriveIndex ?? flight?.sendIndex;
}
