/** The layer below an application that says whom to gossip with: any sampler, or a static topology. */

import type { AnyAlgorithm, ChildRecord } from '../core/algorithm.ts';
import type { NodeId } from '../core/id.ts';
import { Basalt } from './basalt/basalt.ts';
import { Brahms } from './brahms/brahms.ts';
import { Cyclon } from './cyclon/cyclon.ts';
import { Gbps } from './gbps/gbps.ts';
import { Hyparview } from './hyparview/hyparview.ts';
import { Neighbours } from './neighbours.ts';

/** What a configuration may choose: `sampling: { algorithm: basalt, view_size: 8 }`. */
export const SAMPLING = {
  gbps: Gbps,
  cyclon: Cyclon,
  brahms: Brahms,
  /** As nodemanager spells it. */
  brahams: Brahms,
  basalt: Basalt,
  hyparview: Hyparview,
  /** The neighbours, for ever. */
  static: Neighbours,
} as const satisfies ChildRecord;

/** The view of a node now: every sampler reports it under this name. Each peer once. */
export function viewOf(sampler: AnyAlgorithm): readonly NodeId[] {
  const { view } = sampler.report() as { readonly view: readonly NodeId[] };
  return [...new Set(view)];
}
