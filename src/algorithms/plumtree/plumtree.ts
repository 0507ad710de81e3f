/**
 * Plumtree, a tree that epidemics build: publications go along the links over which they came first, the others only carry their names. The
 * neighbours are those of HyParView, a layer below.
 */

import * as v from 'valibot';
import type { Deliveries } from '../../core/algorithm.ts';
import { driven } from '../../core/machine-driver.ts';
import { defineMachine } from '../../core/machine.ts';
import { arrive, takeCommon } from '../dissemination/common.ts';
import { emptyHistory, keep, shift } from '../dissemination/history.ts';
import { calls, delivers, settings as commonSettings } from '../dissemination/interface.ts';
import { commonState, type Spreading } from '../dissemination/state.ts';
import { reportOf, visibleOf } from '../dissemination/visible.ts';
import { Hyparview } from '../hyparview/hyparview.ts';
import { wholeFrom } from '../roster.ts';
import { messages } from './messages.ts';
import { rules } from './rules.ts';
import type { Effects, Input, PlumtreeState, State } from './state.ts';
import {
  announce,
  cameAgain,
  cameFirst,
  grafted,
  heardOf,
  makeLazy,
  mend,
  neighborDown,
  neighborUp,
  push,
} from './tree.ts';

const seconds = (given: number) => v.optional(v.pipe(v.number(), v.minValue(0)), given);

const settings = {
  ...commonSettings,
  /** Seconds until a publication that was named is asked for, and until the next one who named it is: with links of up to 50 ms, as in iroh. */
  graft_timeout: seconds(0.08),
  graft_timeout_next: seconds(0.04),
  /** Seconds for which names gather. */
  ihave_delay: seconds(0.005),
  /** Hops by which a way must be shorter for the tree to change; 7 in the paper. */
  optimization_threshold: v.optional(wholeFrom(1), 7),
  /** Heartbeats for which publications are kept for those who miss them. */
  history_length: v.optional(wholeFrom(1), 30),
};

const spreading: Spreading<State, Effects> = {
  relays: true,
  spread(state, publication, hops, from, _now, out) {
    keep(state.history, publication, hops);
    push(state, publication, hops, from, out);
  },
  beat(state) {
    shift(state.history, state.parameters.history_length);
  },
  linked: (state, peer, isUp) => (isUp ? neighborUp : neighborDown)(state, peer),
};

/** The machine, for stepping by hand. A layer above or below tells it of its neighbours with `link`. */
export const plumtree = defineMachine<
  PlumtreeState,
  typeof messages,
  typeof settings,
  typeof delivers,
  typeof calls,
  typeof rules
>('plumtree', {
  messages,
  settings,
  delivers,
  calls,
  rules,
  service: true,
  transient: ['counts', 'control', 'hops'],
  init: (seat) => ({
    // Its neighbours come from below: nobody is greeted.
    ...commonState({ ...seat, neighbours: [] }),
    parameters: Object.freeze({ ...seat.settings }),
    eager: new Set(),
    lazy: new Set(),
    missing: new Map(),
    queued: new Map(),
    history: emptyHistory(),
    control: { ihave: 0, graft: 0, prune: 0, optimized: 0 },
    hops: { max: 0, sum: 0, count: 0 },
  }),
  step(state, input, out) {
    if (takeCommon(state, input, spreading, out)) return;
    if (input.kind === 'message') receive(state, input, out);
    else if (input.kind === 'timer' && input.name === 'announce') announce(state, out);
    else if (input.kind === 'timer' && input.name === 'mend') mend(state, input.now, out);
  },
  visible: (state) => ({
    ...visibleOf(state),
    eager: [...state.eager],
    lazy: [...state.lazy],
    missing: state.missing.size,
    kept: state.history.items.size,
    hops: { ...state.hops },
    control: { ...state.control },
  }),
  report: (state) => ({
    ...reportOf(state),
    eager: [...state.eager],
    lazy: [...state.lazy],
    hops_max: state.hops.max,
    control: state.control,
  }),
});

function receive(state: State, input: Extract<Input, { kind: 'message' }>, out: Effects): void {
  const { from, now } = input;
  switch (input.type) {
    case 'hello':
      return;
    case 'carry': {
      const { publication, hops } = input.message;
      const came = arrive(state, from, input.message, now, spreading, out);
      if (out.rules.isRedundant(came)) cameAgain(state, from, out);
      if (came !== 'new') return;
      state.hops.max = Math.max(state.hops.max, hops);
      state.hops.sum += hops;
      state.hops.count++;
      cameFirst(state, publication, hops, from, out);
      return;
    }
    case 'ihave':
      heardOf(state, from, input.message.ids, now, out);
      return;
    case 'graft':
      grafted(state, from, input.message.missing, out);
      return;
    case 'prune':
      makeLazy(state, from);
  }
}

/** Plumtree over HyParView. */
export class Plumtree extends driven(plumtree, { membership: Hyparview }) {
  readonly delivered: Deliveries<{ membership: typeof Hyparview }> = {
    membership: {
      neighbor_up: ({ peer }) => this.call('link', { peer, is_up: true }),
      neighbor_down: ({ peer }) => this.call('link', { peer, is_up: false }),
    },
  };
}
