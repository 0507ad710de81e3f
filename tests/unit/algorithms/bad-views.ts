/** Invariants are tried on a good situation and, one by one, on situations that break them. */

import { describe, expect, test } from 'vitest';
import type { GlobalView, Invariant, NodeView } from '../../../src/core/invariant.ts';
import type { NodeStatus } from '../../../src/core/status.ts';

/** What a test says of a node; the rest is running and without settings. */
export interface Sketch<State> {
  readonly state: State;
  readonly status?: NodeStatus;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A situation, node by node. */
export function situation<State>(
  nodes: Readonly<Record<string, Sketch<State>>>,
): GlobalView<State> {
  return {
    nodes: Object.entries(nodes).map(
      ([id, { state, status = 'running', settings = {} }]): NodeView<State> => ({
        id,
        status,
        state,
        settings,
      }),
    ),
  };
}

/** Every invariant holds in `good`, and each is broken by the situation under its name. */
export function describeInvariants<State>(
  invariants: readonly Invariant<State>[],
  good: GlobalView<State>,
  broken: Readonly<Record<string, readonly [view: GlobalView<State>, complaint: RegExp]>>,
): void {
  describe('invariants', () => {
    test('each is tried', () => {
      expect(Object.keys(broken)).toEqual(invariants.map(({ name }) => name));
    });

    for (const invariant of invariants) {
      test(`holds before anything happened: ${invariant.name}`, () => {
        const nodes = good.nodes.map((node) => ({
          ...node,
          status: 'joining' as const,
          state: {} as State,
        }));
        expect(invariant.check({ nodes })).toBeUndefined();
      });

      test(`holds: ${invariant.name}`, () => {
        expect(invariant.check(good)).toBeUndefined();
      });

      test(`can be broken: ${invariant.name}`, () => {
        const [view, complaint] = broken[invariant.name]!;
        expect(invariant.check(view)).toMatch(complaint);
      });
    }
  });
}
